// How far float arithmetic may be from the reference, value by value.
//
// A worst-case bound grows with the sum of |weights| of every layer, about a factor 10 to 20 each: after a few layers
// it would let anything pass. Rounding errors are independent of each other, so we follow their standard deviation s
// instead, with u = 2^-24 (half a unit in the last place):
//   convolution   s^2 = sum over input channels of (sum over taps of |w| s_in)^2      errors of one channel may be the
//   same
//                     + u^2 * sum over the running sums^2                            one rounding a multiply-add
//   max pool      the largest s of the window; average: their mean, and u sqrt(n) times the mean |x|
//   others        the derivative times s_in, and a few u of the result (kernels state at most a few units in the last
//   place)
// Passes change which sums are rounded, not their size: a folded batch norm rounds weights instead of results.
// A difference beyond `sigmas` s is a mistake: for normal errors it has probability 1e-12 a value at 7; 16 leaves room
// for the ways in which the passes above reorder sums and for correlations.
#pragma once
#include <vector>

#include "codegen/ir/graph.h"
#include "tests/reference/reference.h"

namespace deeper {

inline constexpr double sigmas = 16;

/// The standard deviation of each value of each node, for a graph before the passes and its reference run.
std::vector<std::vector<double>> rounding(const Graph& graph, const reference::Result& result);

}  // namespace deeper
