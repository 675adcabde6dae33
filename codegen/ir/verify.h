// Invariants of a Graph. A broken one is our bug, never the user's.
#pragma once
#include <string>

#include "codegen/ir/graph.h"

namespace deeper {

/// Empty when all holds; else one line naming the node and the broken invariant (order, shapes, epilogue cover, ids in
/// range, constants' dims, elided concats whose inputs can all write in place).
std::string verify(const Graph& graph);

/// The graph as text, one node a line, for `dump` and goldens.
std::string print(const Graph& graph);
/// The parts of it: nodes alone, heads alone, constants (path, dims, values where bound).
std::string print_nodes(const Graph& graph);
std::string print_heads(const Graph& graph);
std::string print_constants(const Graph& graph);

}  // namespace deeper
