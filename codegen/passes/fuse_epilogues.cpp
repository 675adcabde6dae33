#include "codegen/passes/fuse_epilogues.h"

#include <optional>

#include "codegen/passes/rewrite.h"

namespace deeper {
namespace {

/// What fuses, into which of the node's inputs, and the other input of an addition.
struct Fusion {
  NodeId base = NodeId::none;
  EpilogueOp op;
  NodeId operand = NodeId::none;
};

bool can_carry(const Graph& graph, const std::vector<int>& reads, NodeId id) {
  const Op& op = graph.node(id).op;
  const bool suits = std::holds_alternative<Conv2d>(op) || std::holds_alternative<Pool>(op) ||
                     std::holds_alternative<Affine>(op) || std::holds_alternative<Add>(op);
  return suits && reads[static_cast<size_t>(index(id))] == 1;
}

/// The scaled summand carries the addition where it can; else the other one, where both count alike.
std::optional<Fusion> fuse_add(const Graph& graph, const std::vector<int>& reads, const Node& node) {
  const double factor = std::get<Add>(node.op).factor;
  Fusion fusion;
  fusion.op.kind = EpilogueOp::Kind::add;
  fusion.op.factor = factor;
  if (can_carry(graph, reads, node.inputs[1])) {
    fusion.base = node.inputs[1];
    fusion.operand = node.inputs[0];
  } else if (factor == 1 && can_carry(graph, reads, node.inputs[0])) {
    fusion.base = node.inputs[0];
    fusion.operand = node.inputs[1];
  } else {
    return std::nullopt;
  }
  return fusion;
}

std::optional<Fusion> find_fusion(const Graph& graph, const std::vector<int>& reads, const Node& node) {
  if (!node.epilogues.empty()) return std::nullopt;
  if (std::holds_alternative<Add>(node.op)) return fuse_add(graph, reads, node);
  Fusion fusion;
  if (const auto* activation = std::get_if<Activation>(&node.op)) {
    fusion.op.kind = EpilogueOp::Kind::activation;
    fusion.op.activation = activation->spec;
  } else if (const auto* affine = std::get_if<Affine>(&node.op)) {
    fusion.op.kind = EpilogueOp::Kind::affine;
    fusion.op.scale = affine->scale;
    fusion.op.bias = affine->bias;
  } else {
    return std::nullopt;
  }
  fusion.base = node.inputs[0];
  return can_carry(graph, reads, fusion.base) ? std::optional(fusion) : std::nullopt;
}

void fuse(Graph& graph, NodeId id, Fusion fusion) {
  Node& node = graph.node(id);
  const Node& base = graph.node(fusion.base);
  node.op = base.op;
  node.inputs = base.inputs;
  node.epilogues = base.epilogues;
  node.range = base.range;
  if (fusion.operand != NodeId::none) {
    fusion.op.operand = static_cast<int>(node.inputs.size());
    node.inputs.push_back(fusion.operand);
  }
  if (node.epilogues.empty()) node.epilogues.push_back({0, node.shape.channels, {}});
  for (EpilogueSlice& slice : node.epilogues) slice.ops.push_back(fusion.op);
  note_fused(graph, id, fusion.base);
}

}  // namespace

Graph fuse_epilogues(Graph graph) {
  const std::vector<int> reads = read_counts(graph);  // stays right: the fused node reads what the dropped one read
  std::vector<bool> dropped(graph.nodes.size());
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    const auto fusion = find_fusion(graph, reads, graph.node(id));
    if (!fusion) continue;
    dropped[static_cast<size_t>(index(fusion->base))] = true;
    fuse(graph, id, *fusion);
  }
  std::vector<NodeId> order;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (!dropped[i]) order.push_back(static_cast<NodeId>(i));
  return arrange(std::move(graph), order);
}

}  // namespace deeper
