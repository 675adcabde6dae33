// 1x1 convolutions of stride 1 that read one tensor become one; their readers get slices of it. The input is read once,
// and their remainder tiles become one. Each slice keeps its own epilogue. Leaves alone: grouped and dense ones, and
// such with an operand in the epilogue. Runs after fuse-epilogues. Tests: tests/golden/passes/merge_siblings*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph merge_siblings(Graph graph);

}  // namespace deeper
