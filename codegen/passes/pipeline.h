// All rewrites of the graph, in order, each with the reason for its place in pipeline.cpp.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/diagnostics.h"

namespace deeper {

struct PassOptions {
  std::vector<std::string> disabled;  ///< names of passes to leave out
  /// Called after every pass that ran with its name and the graph (dump --after, verify in tests).
  std::function<void(std::string_view pass, const Graph& graph)> after;
  /// Is told of weights that make no numbers together; the graph is then half done. Null: nobody is.
  Diagnostics* diagnostics = nullptr;
};

/// Names in order.
std::vector<std::string_view> pass_names();

/// Fusing two activations that a slice separately has, folding into a shared convolution and the like are left alone by
/// the passes themselves; running none of them gives a graph that can be scheduled too.
Graph optimize(Graph graph, const PassOptions& options);

}  // namespace deeper
