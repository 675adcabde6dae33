// Average pool, then 1x1 convolution: exchanges them. Both are linear, one over pixels and one over channels, so
//   conv(pool(x)) + bias = pool(conv(x)) + bias,
// with either count of padded pixels; and a projection has fewer channels to pool. Bias and epilogue move behind the
// pool. Leaves alone: a pool that others read or that has an epilogue; a convolution to more channels; a pool that
// makes the map smaller (the convolution would have more pixels to do). Tests:
// tests/golden/passes/move_average_pools*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph move_average_pools(Graph graph);

}  // namespace deeper
