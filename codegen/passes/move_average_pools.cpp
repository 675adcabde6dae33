#include "codegen/passes/move_average_pools.h"

#include "codegen/passes/rewrite.h"

namespace deeper {
namespace {

bool is_projection(const Node& node) {
  const auto* conv = std::get_if<Conv2d>(&node.op);
  const Window plain{};
  return conv && conv->window.kernel == plain.kernel && conv->window == Window{{}, {}, conv->window.dilation} &&
         conv->groups == 1;
}

bool exchangeable(const Graph& graph, const std::vector<int>& reads, const Node& conv) {
  if (!is_projection(conv)) return false;
  const Node& pool = graph.node(conv.inputs[0]);
  const auto* op = std::get_if<Pool>(&pool.op);
  if (!op || op->kind != PoolKind::average || !pool.epilogues.empty()) return false;
  if (reads[static_cast<size_t>(index(conv.inputs[0]))] != 1) return false;
  const Shape& in = graph.node(pool.inputs[0]).shape;
  return conv.shape.channels <= in.channels && in.height * in.width <= conv.shape.height * conv.shape.width;
}

/// The pool's node becomes the bare convolution, the convolution's node the pool with all that followed the
/// convolution.
void exchange(Graph& graph, NodeId conv_id) {
  const NodeId pool_id = graph.node(conv_id).inputs[0];
  note_fused(graph, conv_id, pool_id);
  Node& conv = graph.node(conv_id);
  Node& pool = graph.node(pool_id);
  std::swap(conv.op, pool.op);
  auto& moved = std::get<Conv2d>(pool.op);
  if (moved.bias != ConstantId::none) {
    EpilogueOp bias;
    bias.kind = EpilogueOp::Kind::bias;
    bias.bias = moved.bias;
    if (conv.epilogues.empty()) conv.epilogues.push_back({0, conv.shape.channels, {}});
    for (EpilogueSlice& slice : conv.epilogues) slice.ops.insert(slice.ops.begin(), bias);
    moved.bias = ConstantId::none;
  }
  const Shape& in = graph.node(pool.inputs[0]).shape;
  pool.shape = {in.height, in.width, conv.shape.channels};
  pool.path = conv.path + "/unpooled";  // not the layer's value, which comes out of the pool, nor its convolution's
  pool.visible = false;
  pool.fused.clear();
  pool.aliases.clear();
  std::swap(pool.range, conv.range);
}

}  // namespace

Graph move_average_pools(Graph graph) {
  const std::vector<int> reads = read_counts(graph);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (exchangeable(graph, reads, graph.node(id))) exchange(graph, id);
  }
  return graph;
}

}  // namespace deeper
