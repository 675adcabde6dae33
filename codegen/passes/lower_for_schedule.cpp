#include "codegen/passes/lower_for_schedule.h"

#include "codegen/passes/drop_identities.h"
#include "codegen/passes/rewrite.h"

namespace deeper {

Graph lower_for_schedule(Graph graph) {
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (std::holds_alternative<BatchNorm>(graph.nodes[i].op)) make_affine(graph, static_cast<NodeId>(i));
  return drop_identities(std::move(graph));
}

}  // namespace deeper
