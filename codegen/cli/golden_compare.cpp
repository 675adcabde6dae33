#include "codegen/cli/golden_compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "codegen/cli/measure.h"

namespace deeper {
namespace {

double distance(const GoldenStep& now, const GoldenStep& then) {
  if (!then.shape.empty() && now.shape != then.shape) return INFINITY;
  double d = std::max(std::fabs(now.mean - then.mean), std::fabs(now.largest - then.largest));
  if (now.probe && then.probe) d = std::max(d, std::fabs(*now.probe - *then.probe));
  return d / std::max(1.0, then.largest);
}

const GoldenStep* find_step(const std::vector<GoldenStep>& steps, const std::string& path) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const GoldenStep& s) { return s.path == path; });
  return found == steps.end() ? nullptr : &*found;
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

FirstSteps first_differences(std::span<const NamedArray> layers, const Golden& golden,
                             const std::set<std::string>& added) {
  FirstSteps first;
  for (const NamedArray& layer : layers) {
    const GoldenStep* then = find_step(golden.steps, layer.name);
    if (then == nullptr) {
      if (!first.bits && added.contains(layer.name)) first.bits = StepPair{summary(layer), {}};
      continue;
    }
    const GoldenStep now = summary(layer);
    if (now.hash != then->hash && !first.bits) first.bits = StepPair{now, *then};
    if (golden.tolerance > 0 && !(distance(now, *then) <= golden.tolerance)) {
      first.beyond = StepPair{now, *then};
      break;
    }
  }
  return first;
}

FirstSteps first_differences(std::span<const NamedArray> layers, std::span<const NamedArray> reference,
                             double tolerance) {
  FirstSteps first;
  for (const NamedArray& layer : layers) {
    const auto then =
        std::find_if(reference.begin(), reference.end(), [&](const NamedArray& r) { return r.name == layer.name; });
    if (then == reference.end()) continue;
    const GoldenStep was = summary(*then);
    const Difference found = difference(layer.array, then->array);
    if (found.largest / std::max(1.0, was.largest) <= tolerance) continue;
    first.beyond = StepPair{summary(layer), was};
    break;
  }
  return first;
}

}  // namespace deeper
