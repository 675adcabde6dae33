// Moves activations, affines and additions behind a convolution, pool, affine or addition into that op's epilogue, so
// that a value is finished while it is still in a register. The fused op stands where the last of them stood and has
// its path. Leaves alone: a value that another layer or a head reads; softmax (it needs all channels); a + factor * b
// with factor other than 1 where only `a` could carry it. Tests: tests/golden/passes/fuse_epilogues*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph fuse_epilogues(Graph graph);

}  // namespace deeper
