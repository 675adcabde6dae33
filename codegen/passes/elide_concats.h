// Marks concats that need no copying: every input writes its channel range of the joint buffer itself. A concat of
// concats works the same way, through both. Leaves alone: a concat that reads the network's input, the same value
// twice, a value that already lives in another concat, or a slice of a convolution that is also read as a whole. Runs
// last: it fixes where results are written. Tests: tests/golden/passes/elide_concats*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph elide_concats(Graph graph);

}  // namespace deeper
