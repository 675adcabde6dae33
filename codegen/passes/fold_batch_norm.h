// Folds a batch norm into the convolution before it:
//   w' = w * gamma / sqrt(var + eps)      b' = beta + (b - mean) * gamma / sqrt(var + eps)
// computed in double, rounded once. Where the convolution has another reader, or the norm follows something else, the
// norm becomes y = x * scale + bias of its own (an Affine). Tests: tests/golden/passes/fold_batch_norm*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph fold_batch_norm(Graph graph);

}  // namespace deeper
