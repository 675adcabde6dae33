// Drops every layer that no head of the built network needs: what only served an auxiliary classifier that was not
// asked for. Tests: tests/golden/passes/drop_dead_heads*.txt
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph drop_dead_heads(Graph graph);

}  // namespace deeper
