#include <cmath>

#include "codegen/weights/store.h"

namespace deeper {
namespace {

/// Vigna's splitmix64 finaliser: every bit of the input reaches every bit of the output.
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t hash(std::string_view text) {
  uint64_t h = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h;
}

struct Interval {
  double low, high;
};

/// Uniform in +-sqrt(6 / fan in) has the variance 2 / fan in of He et al. 2015 (arXiv 1502.01852).
Interval interval_of(const WeightBinding& binding, const Constant& constant) {
  if (binding.kind != WeightKind::vector) {
    const auto fan_in = static_cast<double>(constant.dims[1] * constant.dims[2] * constant.dims[3]);
    const double bound = std::sqrt(6 / fan_in);
    return {-bound, bound};
  }
  if (binding.path.ends_with("/gamma") || binding.path.ends_with("/var")) return {0.9, 1.1};
  return {-0.1, 0.1};
}

}  // namespace

void bind_random(Graph& graph, uint64_t seed) {
  for (const WeightBinding& binding : graph.bindings) {
    Constant& constant = graph.constants[static_cast<size_t>(index(binding.constant))];
    const Interval interval = interval_of(binding, constant);
    const uint64_t stream = mix(mix(seed + 0x9e3779b97f4a7c15) ^ hash(binding.path));
    size_t count = 1;
    for (const int64_t dim : constant.dims) count *= static_cast<size_t>(dim);
    auto values = std::make_shared<std::vector<float>>(count);
    for (size_t i = 0; i < count; ++i) {
      const double unit = static_cast<double>(mix(stream + i * 0x9e3779b97f4a7c15) >> 11) * 0x1p-53;
      (*values)[i] = static_cast<float>(interval.low + (interval.high - interval.low) * unit);
    }
    constant.values = std::move(values);
  }
}

}  // namespace deeper
