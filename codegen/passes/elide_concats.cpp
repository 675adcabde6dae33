#include "codegen/passes/elide_concats.h"

#include <set>

#include "codegen/passes/rewrite.h"

namespace deeper {
namespace {

/// Convolutions of which only slices are read: each slice can be written where it belongs.
std::set<NodeId> written_in_parts(const Graph& graph) {
  std::set<NodeId> parts;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (std::holds_alternative<Conv2d>(graph.nodes[i].op)) parts.insert(static_cast<NodeId>(i));
  for (const Node& node : graph.nodes)
    if (!std::holds_alternative<Slice>(node.op))
      for (const NodeId input : node.inputs) parts.erase(input);
  for (const GraphHead& head : graph.heads) parts.erase(head.output), parts.erase(head.logits);
  return parts;
}

bool can_write_in_place(const Node& node, const std::set<NodeId>& parts) {
  if (std::holds_alternative<Input>(node.op) || std::holds_alternative<Identity>(node.op)) return false;
  return !std::holds_alternative<Slice>(node.op) || parts.contains(node.inputs[0]);
}

}  // namespace

Graph elide_concats(Graph graph) {
  const std::set<NodeId> parts = written_in_parts(graph);
  std::set<NodeId> owned;  // values that live in some concat already
  for (Node& node : graph.nodes) {
    auto* concat = std::get_if<Concat>(&node.op);
    if (!concat) continue;
    const std::set<NodeId> inputs(node.inputs.begin(), node.inputs.end());
    bool fits = inputs.size() == node.inputs.size();
    for (const NodeId id : inputs) fits = fits && !owned.contains(id) && can_write_in_place(graph.node(id), parts);
    if (!fits) continue;
    concat->elided = true;
    owned.insert(inputs.begin(), inputs.end());
  }
  return graph;
}

}  // namespace deeper
