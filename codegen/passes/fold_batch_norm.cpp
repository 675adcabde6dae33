#include "codegen/passes/fold_batch_norm.h"

#include <fmt/format.h>

#include "codegen/passes/rewrite.h"
#include "dsl/text.h"

namespace deeper {
namespace {

using Values = std::shared_ptr<const std::vector<float>>;

Values scaled_weights(const Values& weights, const NormFactors& factors) {
  if (!weights || factors.scale.empty()) return nullptr;
  auto scaled = std::make_shared<std::vector<float>>(weights->size());
  const size_t row = weights->size() / factors.scale.size();
  for (size_t i = 0; i < weights->size(); ++i)
    (*scaled)[i] = static_cast<float>(double{(*weights)[i]} * factors.scale[i / row]);
  return scaled;
}

Values scaled_bias(const Values& bias, bool has_bias, const NormFactors& factors) {
  if (factors.scale.empty() || (has_bias && !bias)) return nullptr;
  auto scaled = std::make_shared<std::vector<float>>(factors.scale.size());
  for (size_t c = 0; c < scaled->size(); ++c)
    (*scaled)[c] = static_cast<float>(factors.bias[c] + (has_bias ? double{(*bias)[c]} * factors.scale[c] : 0.0));
  return scaled;
}

std::string bias_text(const Graph& graph, const BatchNorm& norm, const std::string& bias, const std::string& scaled) {
  const std::string mean = ticked(graph.constant(norm.mean).path);
  const std::string rest = bias.empty() ? "- " + mean : fmt::format("+ ({} - {})", ticked(bias), mean);
  return fmt::format("{} {} * {}", ticked(graph.constant(norm.beta).path), rest, scaled);
}

/// The convolution takes the norm's place and name.
void fold(Graph& graph, NodeId conv_id, NodeId norm_id) {
  const auto norm = std::get<BatchNorm>(graph.node(norm_id).op);
  const NormFactors factors = norm_factors(graph, norm);
  auto conv = std::get<Conv2d>(graph.node(conv_id).op);
  const bool has_bias = conv.bias != ConstantId::none;
  const Constant weight = graph.constant(conv.weight);
  const Values bias = has_bias ? graph.constant(conv.bias).values : nullptr;
  const std::string scaled = scale_text(graph, norm);
  const std::string shifted = bias_text(graph, norm, has_bias ? graph.constant(conv.bias).path : "", scaled);
  conv.weight = add_constant(graph, weight.path + "*bn", weight.dims, weight.range,
                             scaled_weights(weight.values, factors), ticked(weight.path) + " times " + scaled);
  conv.bias = add_constant(graph, weight.path + "*bn/bias", {conv.out_channels}, weight.range,
                           scaled_bias(bias, has_bias, factors), shifted);
  graph.node(norm_id).op = conv;
  graph.node(norm_id).inputs = graph.node(conv_id).inputs;
  graph.node(norm_id).range = graph.node(conv_id).range;
  note_fused(graph, norm_id, conv_id);
}

}  // namespace

Graph fold_batch_norm(Graph graph) {
  const std::vector<int> reads = read_counts(graph);
  std::vector<NodeId> order;
  std::vector<bool> folded(graph.nodes.size());
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto id = static_cast<NodeId>(i);
    if (!std::holds_alternative<BatchNorm>(graph.node(id).op)) continue;
    const NodeId input = graph.node(id).inputs[0];
    const auto at = static_cast<size_t>(index(input));
    const bool foldable =
        std::holds_alternative<Conv2d>(graph.node(input).op) && reads[at] == 1 && graph.node(input).epilogues.empty();
    if (foldable) {
      fold(graph, input, id);
      folded[at] = true;
    } else {
      make_affine(graph, id);
    }
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (!folded[i]) order.push_back(static_cast<NodeId>(i));
  return arrange(std::move(graph), order);
}

}  // namespace deeper
