#include "codegen/compile/golden_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "codegen/compile/arrays.h"
#include "codegen/compile/blob.h"
#include "codegen/compile/files.h"
#include "runtime/selftest.h"

namespace deeper {
namespace {

void append_padded(std::string& bytes, std::string_view part) {
  bytes.append(part);
  bytes.resize((bytes.size() + 3) / 4 * 4);
}

std::string_view bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// The 8-bit values that preprocessing, (x - mean) * scale in floats as runtime/preprocess.h does it, turns into exactly
// this tensor; empty when there are none.
std::string as_pixels(const Array& tensor, const Preprocess& preprocess, int64_t channels) {
  std::string pixels;
  pixels.reserve(tensor.values.size());
  for (size_t i = 0; i < tensor.values.size(); ++i) {
    const size_t channel = i % size_t(channels);
    const float mean = float(preprocess.mean[channel]), scale = float(preprocess.scale[channel]);
    const float nearest = std::nearbyint(tensor.values[i] / scale + mean);
    if (!(nearest >= 0 && nearest <= 255) || (nearest - mean) * scale != tensor.values[i]) return "";
    pixels.push_back(char(static_cast<unsigned char>(nearest)));
  }
  return pixels;
}

struct Part {
  uint32_t head, what;
  Array values;
};

std::optional<Array> read_array(const std::string& folder, const std::string& name) {
  std::string reason;
  const auto bytes = read_file(folder + "/" + name, reason);
  return bytes ? read_npy(*bytes) : std::nullopt;
}

// False when a file is missing or does not fit the head.
bool add_part(const Schedule& schedule, const std::string& folder, const std::string& file, uint32_t head,
              uint32_t what, std::vector<Part>& parts) {
  auto array = read_array(folder, file);
  const ScheduledHead& scheduled = schedule.heads[head];
  const BufferSlice& slice = what == rt::golden_head_output ? scheduled.output : scheduled.logits;
  if (!array || index(slice.buffer) < 0) return false;
  const Shape& shape = schedule.buffers[size_t(index(slice.buffer))].shape;
  if (int64_t(array->values.size()) != shape.height * shape.width * slice.channels) return false;
  parts.push_back({head, what, std::move(*array)});
  return true;
}

std::string one_golden(const Lowered& lowered, const Golden& golden, const std::string& folder) {
  const Schedule& schedule = lowered.schedule;
  const auto tensor = golden.tensor.empty() ? std::nullopt : read_array(folder, golden.tensor);
  if (!tensor || int64_t(tensor->values.size()) != schedule.input.elements().value()) return "";
  std::vector<Part> parts;
  for (const GoldenHead& head : golden.heads) {
    const auto found = std::find_if(schedule.heads.begin(), schedule.heads.end(),
                                    [&](const ScheduledHead& h) { return h.name == head.head; });
    if (found == schedule.heads.end()) continue;  // an optional one that is not built
    const uint32_t number = uint32_t(found - schedule.heads.begin());
    if (!head.output.empty() && !add_part(schedule, folder, head.output, number, rt::golden_head_output, parts))
      return "";
    if (!head.logits.empty() && !add_part(schedule, folder, head.logits, number, rt::golden_head_logits, parts))
      return "";
  }
  const std::string pixels =
      schedule.has_preprocess ? as_pixels(*tensor, schedule.preprocess, schedule.input.channels) : "";
  const std::string_view input = pixels.empty() ? bytes_of(tensor->values) : std::string_view(pixels);
  const float tolerance = float(golden.tolerance);
  uint32_t tolerance_bits = 0;
  std::memcpy(&tolerance_bits, &tolerance, sizeof tolerance);

  std::string bytes;
  for (const uint32_t number :
       {uint32_t(pixels.empty() ? rt::golden_tensor : rt::golden_pixels), uint32_t(golden.input.size()),
        uint32_t(input.size()), uint32_t(parts.size()), tolerance_bits})
    append_number(bytes, number);
  append_padded(bytes, golden.input);
  append_padded(bytes, input);
  for (const Part& part : parts) {
    for (const uint32_t number : {part.head, part.what, uint32_t(part.values.values.size())})
      append_number(bytes, number);
    bytes.append(bytes_of(part.values.values));
  }
  return bytes;
}

void note(const Lowered& lowered, const std::string& why, Diagnostics& diagnostics) {
  diagnostics
      .note("no-goldens", {}, fmt::format("no goldens for --self-test: {} {}", lowered.checked.spec.goldens, why))
      .help = "`deeper golden record` writes them";
}

}  // namespace

std::string golden_section(const Lowered& lowered, Diagnostics& diagnostics) {
  const NetworkSpec& spec = lowered.checked.spec;
  if (spec.goldens.empty()) return "";
  const std::string path = (std::filesystem::path(spec.file).parent_path() / spec.goldens).string();
  const std::string folder = std::filesystem::path(path).parent_path().string();
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return note(lowered, "does not exist", diagnostics), "";
  Sources own;
  Diagnostics found;
  const auto file = read_goldens(path, own, found);
  if (!file) return note(lowered, "cannot be read", diagnostics), "";
  if (file->spec_hash != lowered.schedule.spec_hash)
    return note(lowered, "holds for another network or other parameters", diagnostics), "";
  if (file->weights_hash != lowered.weights_hash) return note(lowered, "holds for other weights", diagnostics), "";

  std::string body;
  uint32_t count = 0;
  for (const Golden& golden : file->goldens) {
    if (count == rt::golden_limit) break;
    if (golden.tensor.empty()) continue;  // beyond those whose tensors are kept, and references without one
    const std::string bytes = one_golden(lowered, golden, folder.empty() ? "." : folder);
    if (bytes.empty())
      return note(lowered, fmt::format("names files that are missing or do not fit, for {}", golden.input),
                  diagnostics),
             "";
    body += bytes;
    ++count;
  }
  std::string section;
  append_number(section, rt::golden_version);
  append_number(section, count);
  return count == 0 ? "" : section + body;
}

}  // namespace deeper
