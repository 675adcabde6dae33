// The goldens section of a weights file: up to three inputs and what they must give, for `--self-test`.
//
//   uint32 version (1), uint32 count
//   count times:
//     uint32 kind (GoldenKind), uint32 name_bytes, uint32 input_bytes, uint32 outputs, float tolerance
//     name, input: each padded with zeros to a multiple of 4 bytes
//     outputs times: uint32 head, uint32 what (GoldenOutput), uint32 floats, then the floats, dense
//     [height][width][channels]
//
// Little endian; everything 4-byte aligned. `tolerance`: largest |difference| allowed; 0 = the same bits.
// Pixels are those after decoding, resize and crop: height x width x channels bytes of the network's input in the final
// channel order, before mean and scale.
#pragma once
#include <stdint.h>
#include <string.h>

#include "runtime/model.h"

namespace rt::inline RT_ABI {

inline constexpr uint32_t golden_version = 1;
inline constexpr uint32_t golden_limit = 3;

enum GoldenKind : uint32_t { golden_pixels = 0, golden_tensor = 1 };
enum GoldenOutput : uint32_t { golden_head_output = 0, golden_head_logits = 1 };

struct Golden {
  uint32_t kind, name_bytes, input_bytes, outputs;
  float tolerance;
  const char* name;  ///< not terminated
  const unsigned char* input;
};

struct GoldenValues {
  uint32_t head, what, floats;
  const float* values;
};

/// Reads goldens one after the other: `begin`, then for each `next_golden` and its `next_values`. Whatever is damaged
/// turns up as `reader.ok` false.
struct GoldenReader {
  SectionReader reader;
  uint32_t count = 0;

  const unsigned char* take_padded(uint32_t bytes) { return reader.take((uint64_t{bytes} + 3) / 4 * 4); }
  Golden next_golden() {
    Golden golden{};
    golden.kind = reader.number();
    golden.name_bytes = reader.number();
    golden.input_bytes = reader.number();
    golden.outputs = reader.number();
    const uint32_t tolerance = reader.number();
    memcpy(&golden.tolerance, &tolerance, sizeof tolerance);
    golden.name = reinterpret_cast<const char*>(take_padded(golden.name_bytes));
    golden.input = take_padded(golden.input_bytes);
    return golden;
  }
  GoldenValues next_values() {
    GoldenValues values{};
    values.head = reader.number();
    values.what = reader.number();
    values.floats = reader.number();
    values.values = reinterpret_cast<const float*>(reader.take(uint64_t{values.floats} * sizeof(float)));
    return values;
  }
};

/// `count` is 0 when the blob has no goldens.
inline GoldenReader read_goldens(const Model& model) {
  GoldenReader goldens{reader_of(model, model.header.goldens)};
  if (goldens.reader.left == 0) return goldens;
  if (goldens.reader.number() != golden_version) goldens.reader.ok = false;
  goldens.count = goldens.reader.number();
  if (goldens.count > golden_limit) goldens.reader.ok = false;
  return goldens;
}

}  // namespace rt::inline RT_ABI
