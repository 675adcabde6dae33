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

/// An activation or affine as one element of an epilogue.
std::optional<EpilogueOp> as_epilogue(const Node& node) {
  EpilogueOp op;
  if (const auto* activation = std::get_if<Activation>(&node.op)) {
    op.kind = EpilogueOp::Kind::activation;
    op.activation = activation->spec;
    return op;
  }
  if (const auto* affine = std::get_if<Affine>(&node.op)) {
    op.kind = EpilogueOp::Kind::affine;
    op.scale = affine->scale;
    op.bias = affine->bias;
    return op;
  }
  return std::nullopt;
}

std::optional<Fusion> find_fusion(const Graph& graph, const std::vector<int>& reads, const Node& node) {
  if (!node.epilogues.empty()) return std::nullopt;
  if (std::holds_alternative<Add>(node.op)) return fuse_add(graph, reads, node);
  const auto op = as_epilogue(node);
  if (!op || !can_carry(graph, reads, node.inputs[0])) return std::nullopt;
  return Fusion{node.inputs[0], *op, NodeId::none};
}

void append(Node& node, const EpilogueOp& op) {
  if (node.epilogues.empty()) node.epilogues.push_back({0, node.shape.channels, {}});
  for (EpilogueSlice& slice : node.epilogues) slice.ops.push_back(op);
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
  append(node, fusion.op);
  note_fused(graph, id, fusion.base);
}

ConstantId part_of(Graph& graph, ConstantId id, int64_t begin, int64_t end) {
  const Constant whole = graph.constant(id);
  std::shared_ptr<std::vector<float>> values;
  if (whole.values)
    values = std::make_shared<std::vector<float>>(whole.values->begin() + begin, whole.values->begin() + end);
  return add_constant(graph, whole.path + "[" + std::to_string(begin) + ".." + std::to_string(end) + "]", {end - begin},
                      whole.range, values);
}

/// Whether every branch of the concat that the node reads can carry what the node does.
bool can_sink(const Graph& graph, const std::vector<int>& reads, const Node& node) {
  if (!node.epilogues.empty()) return false;
  const Node& concat = graph.node(node.inputs[0]);
  if (!std::holds_alternative<Concat>(concat.op) || reads[static_cast<size_t>(index(node.inputs[0]))] != 1)
    return false;
  for (const NodeId branch : concat.inputs)
    if (!can_carry(graph, reads, branch)) return false;
  return true;
}

/// The node becomes the concat; each branch does the node's work on its own channels, and no longer has its layer's
/// value.
void sink(Graph& graph, NodeId id, const EpilogueOp& whole) {
  const NodeId concat = graph.node(id).inputs[0];
  note_fused(graph, id, concat);
  std::vector<std::string> shares = graph.node(id).fused;
  shares.push_back(graph.node(id).path);
  int64_t begin = 0;
  for (const NodeId branch : graph.node(concat).inputs) {
    const int64_t end = begin + graph.node(branch).shape.channels;
    EpilogueOp part = whole;
    if (part.kind == EpilogueOp::Kind::affine) {
      part.scale = part_of(graph, whole.scale, begin, end);
      part.bias = part_of(graph, whole.bias, begin, end);
    }
    Node& node = graph.node(branch);
    append(node, part);
    node.visible = false;
    node.shares.insert(node.shares.end(), shares.begin(), shares.end());
    node.fused.insert(node.fused.end(), node.aliases.begin(), node.aliases.end());
    node.aliases.clear();
    begin = end;
  }
  graph.node(id).op = graph.node(concat).op;
  graph.node(id).inputs = graph.node(concat).inputs;
  graph.node(id).range = graph.node(concat).range;
}

}  // namespace

Graph fuse_epilogues(Graph graph) {
  const std::vector<int> reads = read_counts(graph);  // stays right: the fused node reads what the dropped one read
  std::vector<bool> dropped(graph.nodes.size());
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    const auto op = as_epilogue(graph.node(id));
    if (op && can_sink(graph, reads, graph.node(id))) {
      dropped[static_cast<size_t>(index(graph.node(id).inputs[0]))] = true;
      sink(graph, id, *op);
    } else if (const auto fusion = find_fusion(graph, reads, graph.node(id))) {
      dropped[static_cast<size_t>(index(fusion->base))] = true;
      fuse(graph, id, *fusion);
    }
  }
  std::vector<NodeId> order;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (!dropped[i]) order.push_back(static_cast<NodeId>(i));
  return arrange(std::move(graph), order);
}

}  // namespace deeper
