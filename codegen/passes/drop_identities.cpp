#include "codegen/passes/drop_identities.h"

#include "codegen/passes/rewrite.h"

namespace deeper {

Graph drop_identities(Graph graph) {
  std::vector<NodeId> order;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (!std::holds_alternative<Identity>(graph.node(id).op)) {
      order.push_back(id);
      continue;
    }
    const Node& identity = graph.node(id);
    const NodeId source = identity.inputs[0];
    std::vector<std::string>& aliases = graph.node(source).aliases;
    if (identity.visible) aliases.push_back(identity.path);
    aliases.insert(aliases.end(), identity.aliases.begin(), identity.aliases.end());
    replace_reads(graph, id, source);
  }
  return arrange(std::move(graph), order);
}

}  // namespace deeper
