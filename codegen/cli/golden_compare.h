// What is the same as it was recorded, and where it first is not.
#pragma once
#include <optional>
#include <set>
#include <span>
#include <string>

#include "codegen/compile/arrays.h"
#include "codegen/compile/golden_file.h"

namespace deeper {

struct Difference {
  double largest = 0;  ///< |difference|; infinite where sizes differ or a value is not a number
  bool same_bits = true;
};

Difference difference(const Array& now, const Array& then);

/// `tolerance` 0 asks for the same bits.
bool allowed(const Difference& difference, double tolerance);

/// A step as it is and as it was recorded; `then` has no hash where it was not.
struct StepPair {
  GoldenStep now, then;
};

/// The first steps, in the order in which they run, that are not as recorded. Steps that one of both lacks do not
/// count.
struct FirstSteps {
  std::optional<StepPair> bits;  ///< other bits, or a step of `added` that was not recorded
  std::optional<StepPair>
      beyond;  ///< apart by more than the tolerance, as a share of the largest value where it is > 1
  bool none() const { return !bits && !beyond; }
};

/// By the summaries that deeper recorded. `added`: paths of layers that the network did not have.
FirstSteps first_differences(std::span<const NamedArray> layers, const Golden& golden,
                             const std::set<std::string>& added = {});

/// By another engine's arrays, value by value: bits mean nothing there, and `bits` stays empty.
FirstSteps first_differences(std::span<const NamedArray> layers, std::span<const NamedArray> reference,
                             double tolerance);

}  // namespace deeper
