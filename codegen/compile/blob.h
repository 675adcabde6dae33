// Writes the weights file that runtime/blob.h describes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace deeper {

struct BlobContent {
  std::string spec_hash;     ///< 64 hex digits
  std::string target;        ///< at most 31 bytes
  std::string weights_hash;  ///< 64 hex digits or "random:SEED"
  std::span<const float> weights;
  std::vector<std::vector<std::string>> labels;  ///< of each head in order; empty = class numbers
  std::string goldens;                           ///< as runtime/selftest.h has it; empty = none
  /// Instead of `weights`: writes `pack_floats` of them where they belong, all 0 before, so that they are in memory
  /// once.
  std::function<void(std::span<float>)> pack = {};
  size_t pack_floats = 0;
};

/// Four bytes, the lowest first.
void append_number(std::string& bytes, uint32_t value);

/// The whole file. Same content, same bytes.
std::string make_blob(const BlobContent& content);

}  // namespace deeper
