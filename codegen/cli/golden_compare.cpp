#include "codegen/cli/golden_compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "codegen/cli/measure.h"

namespace deeper {
namespace {

double distance(const GoldenStep& now, const GoldenStep& then) {
  const double d = std::max(std::fabs(now.mean - then.mean), std::fabs(now.largest - then.largest));
  return d / std::max(1.0, then.largest);
}

}  // namespace

Difference difference(const Array& now, const Array& then) {
  if (now.values.size() != then.values.size()) return {INFINITY, false};
  const size_t bytes = now.values.size() * sizeof(float);
  if (bytes == 0 || std::memcmp(now.values.data(), then.values.data(), bytes) == 0) return {};
  Difference result{0, false};
  for (size_t i = 0; i < now.values.size(); ++i) {
    const double d = std::fabs(double(now.values[i]) - double(then.values[i]));
    result.largest = std::isnan(d) ? INFINITY : std::max(result.largest, d);
  }
  return result;
}

bool allowed(const Difference& difference, double tolerance) {
  return tolerance == 0 ? difference.same_bits : difference.largest <= tolerance;
}

std::optional<StepPair> first_difference(std::span<const NamedArray> layers, const Golden& golden) {
  std::optional<StepPair> first_bits;
  for (const NamedArray& layer : layers) {
    const auto then = std::find_if(golden.steps.begin(), golden.steps.end(),
                                   [&](const GoldenStep& step) { return step.path == layer.name; });
    if (then == golden.steps.end()) continue;
    const GoldenStep now = summary(layer);
    if (golden.tolerance > 0 && !(distance(now, *then) <= golden.tolerance)) return StepPair{now, *then};
    if (now.hash != then->hash && !first_bits) first_bits = StepPair{now, *then};
  }
  return first_bits;
}

}  // namespace deeper
