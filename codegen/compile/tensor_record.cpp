#include "codegen/compile/tensor_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "codegen/compile/hash.h"

namespace deeper {
namespace {

double rounded(double value) { return std::strtod(fmt::format("{:.7g}", value).c_str(), nullptr); }

// splitmix64's finalizer: neighbouring numbers come out unlike each other.
uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

}  // namespace

Summary summarize(std::span<const float> values) {
  if (values.empty()) return {};
  double sum = 0, largest = 0, probe = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double value = double{values[i]};
    sum += value;
    largest = std::max(largest, std::fabs(value));
    probe += (mixed(i) & 1) != 0 ? value : -value;
  }
  const double count = double(values.size());
  return {rounded(sum / count), rounded(largest), rounded(probe / std::sqrt(count))};
}

std::string short_hash(std::span<const float> values) {
  const std::string_view bytes(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  return hex_sha256(bytes).substr(0, 16);
}

std::string unordered_hash(std::span<const float> values) {
  uint64_t sum = values.size();
  for (const float value : values) sum += mixed(std::bit_cast<uint32_t>(value));  // a sum has no order
  return fmt::format("{:016x}", sum);
}

std::string shape_text(std::span<const int64_t> dims) { return fmt::format("{}", fmt::join(dims, "x")); }

std::vector<TensorRecord> record_tensors(const Graph& graph) {
  std::vector<TensorRecord> records;
  for (const WeightBinding& binding : graph.bindings) {
    const Constant& constant = graph.constant(binding.constant);
    if (!constant.values) continue;
    const Summary summary = summarize(*constant.values);
    records.push_back({binding.path, shape_text(constant.dims), summary.mean, summary.largest,
                       short_hash(*constant.values), unordered_hash(*constant.values)});
  }
  return records;
}

}  // namespace deeper
