// What is the same as it was recorded, and where it first is not.
#pragma once
#include <optional>
#include <span>

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

struct StepPair {
  GoldenStep now, then;
};

/// The first layer whose summary is apart by more than the golden's tolerance (as a share of the layer's largest value
/// where that is over 1); where none is, or the same bits are asked for, the first whose bits differ. Layers that one
/// of both lacks do not count.
std::optional<StepPair> first_difference(std::span<const NamedArray> layers, const Golden& golden);

}  // namespace deeper
