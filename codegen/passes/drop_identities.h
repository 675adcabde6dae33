// Removes what does nothing at inference (dropout). Whoever read it reads what it read; its path becomes one more name
// of that. Tests: tests/golden/passes/drop_identities*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph drop_identities(Graph graph);

}  // namespace deeper
