#include "codegen/passes/rewrite.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "dsl/text.h"

namespace deeper {

std::vector<int> read_counts(const Graph& graph) {
  std::vector<int> counts(graph.nodes.size());
  const auto read = [&](NodeId id) {
    if (id != NodeId::none) ++counts[static_cast<size_t>(index(id))];
  };
  for (const Node& node : graph.nodes)
    for (const NodeId input : node.inputs) read(input);
  for (const GraphHead& head : graph.heads) read(head.output), read(head.logits);
  return counts;
}

void replace_reads(Graph& graph, NodeId from, NodeId to) {
  for (Node& node : graph.nodes)
    for (NodeId& input : node.inputs)
      if (input == from) input = to;
  for (GraphHead& head : graph.heads) {
    if (head.output == from) head.output = to;
    if (head.logits == from) head.logits = to;
  }
}

namespace {

/// Renumbers the constants that nodes refer to and drops the rest.
void drop_unused_constants(Graph& graph) {
  std::vector<bool> used(graph.constants.size());
  const auto each = [&](auto&& visit) {
    for (Node& node : graph.nodes)
      for (const ConstantUse& use : constants_of(node, graph.input_shapes(node))) visit(*use.id);
  };
  each([&](ConstantId id) { used[static_cast<size_t>(index(id))] = true; });
  std::vector<ConstantId> moved(graph.constants.size(), ConstantId::none);
  std::vector<Constant> kept;
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    moved[i] = static_cast<ConstantId>(kept.size());
    kept.push_back(std::move(graph.constants[i]));
  }
  graph.constants = std::move(kept);
  each([&](ConstantId& id) { id = moved[static_cast<size_t>(index(id))]; });
  std::erase_if(graph.bindings, [&](WeightBinding& binding) {
    binding.constant = moved[static_cast<size_t>(index(binding.constant))];
    return binding.constant == ConstantId::none;
  });
}

}  // namespace

Graph arrange(Graph graph, const std::vector<NodeId>& order) {
  std::vector<NodeId> moved(graph.nodes.size(), NodeId::none);
  for (size_t i = 0; i < order.size(); ++i) moved[static_cast<size_t>(index(order[i]))] = static_cast<NodeId>(i);
  const auto renumber = [&](NodeId& id) {
    if (id == NodeId::none) return;
    id = moved[static_cast<size_t>(index(id))];
    assert(id != NodeId::none && "a node that is still read was left out");
  };
  std::vector<Node> nodes;
  for (const NodeId id : order) {
    nodes.push_back(std::move(graph.node(id)));
    for (NodeId& input : nodes.back().inputs) renumber(input);
  }
  graph.nodes = std::move(nodes);
  for (GraphHead& head : graph.heads) renumber(head.output), renumber(head.logits);
  drop_unused_constants(graph);
  return graph;
}

Graph drop_unread(Graph graph) {
  std::vector<bool> live(graph.nodes.size());
  const auto mark = [&](NodeId id) {
    if (id != NodeId::none) live[static_cast<size_t>(index(id))] = true;
  };
  mark(NodeId{0});
  for (const GraphHead& head : graph.heads) mark(head.output), mark(head.logits);
  for (size_t i = graph.nodes.size(); i-- > 0;)
    if (live[i])
      for (const NodeId input : graph.nodes[i].inputs) mark(input);
  std::vector<NodeId> order;
  for (size_t i = 0; i < live.size(); ++i)
    if (live[i]) order.push_back(static_cast<NodeId>(i));
  return arrange(std::move(graph), order);
}

void note_fused(Graph& graph, NodeId into, NodeId from) {
  const Node& source = graph.node(from);
  std::vector<std::string> paths = source.fused;
  if (source.visible) paths.push_back(source.path);
  paths.insert(paths.end(), source.aliases.begin(), source.aliases.end());
  std::vector<std::string>& fused = graph.node(into).fused;
  fused.insert(fused.begin(), paths.begin(), paths.end());
}

ConstantId add_constant(Graph& graph, std::string path, std::vector<int64_t> dims, Range range,
                        std::shared_ptr<const std::vector<float>> values, std::string origin) {
  graph.constants.push_back({std::move(path), std::move(dims), range, true, std::move(values), std::move(origin)});
  return static_cast<ConstantId>(graph.constants.size() - 1);
}

NormFactors norm_factors(const Graph& graph, const BatchNorm& norm) {
  const auto& beta = graph.constant(norm.beta).values;
  const auto& mean = graph.constant(norm.mean).values;
  const auto& var = graph.constant(norm.var).values;
  const auto gamma = norm.gamma == ConstantId::none ? nullptr : graph.constant(norm.gamma).values;
  if (!beta || !mean || !var || (norm.gamma != ConstantId::none && !gamma)) return {};
  NormFactors factors;
  for (size_t c = 0; c < beta->size(); ++c) {
    const double scale = (gamma ? double{(*gamma)[c]} : 1.0) / std::sqrt(double{(*var)[c]} + norm.eps);
    factors.scale.push_back(scale);
    factors.bias.push_back(double{(*beta)[c]} - double{(*mean)[c]} * scale);
  }
  return factors;
}

std::string scale_text(const Graph& graph, const BatchNorm& norm) {
  const std::string gamma = norm.gamma == ConstantId::none ? "1" : ticked(graph.constant(norm.gamma).path);
  return fmt::format("{} / sqrt({} + {})", gamma, ticked(graph.constant(norm.var).path), number_text(norm.eps));
}

void make_affine(Graph& graph, NodeId id) {
  const auto norm = std::get<BatchNorm>(graph.node(id).op);
  const NormFactors factors = norm_factors(graph, norm);
  const std::string scaled = scale_text(graph, norm);
  const std::string shifted = fmt::format("{} - {} * {}", ticked(graph.constant(norm.beta).path),
                                          ticked(graph.constant(norm.mean).path), scaled);
  const std::vector<int64_t> dims{graph.node(id).shape.channels};
  const std::string path = graph.node(id).path;
  const Range range = graph.node(id).range;
  const auto add = [&](const char* name, const std::vector<double>& values, const std::string& origin) {
    auto floats = values.empty() ? nullptr : std::make_shared<std::vector<float>>(values.begin(), values.end());
    return add_constant(graph, path + name, dims, range, std::move(floats), origin);
  };
  const ConstantId scale = add("/scale", factors.scale, scaled);
  graph.node(id).op = Affine{scale, add("/bias", factors.bias, shifted)};
}

}  // namespace deeper
