#include "codegen/ir/graph_builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"

namespace deeper {

GraphBuilder::GraphBuilder(const NetworkSpec& spec, BuildResult& result, Diagnostics& diagnostics)
    : spec_(spec), result_(result), diagnostics_(diagnostics) {
  params_overridden_ = std::any_of(spec.params.begin(), spec.params.end(), [](const auto& p) { return p.overridden; });
  values_["input"] = result.graph.nodes.empty() ? NodeId::none : NodeId{0};
}

NodeId GraphBuilder::build_layers(const std::vector<Layer>& layers, NodeId in) {
  for (const Layer& layer : layers) in = build_layer(layer, in);
  return in;
}

NodeId GraphBuilder::resolve(const std::string& path) const {
  const auto known = values_.find(path);
  return known == values_.end() ? NodeId::none : known->second;
}

NodeId GraphBuilder::build_layer(const Layer& layer, NodeId in) {
  const Tally before = now();
  if (!layer.in.empty()) in = resolve(layer.in);
  LayerLowering lowering(result_.graph, diagnostics_, layer);
  NodeId node = build_body(layer, in, lowering);
  const bool is_layer = std::holds_alternative<LayerOp>(layer.body);
  if (is_layer) add_rows(layer, node, lowering);
  if (layer.residual) node = build_residual(*layer.residual, in, node, lowering);
  node = finish(layer, node, lowering);
  check(layer.expect, layer.path, node, before);
  return node;
}

NodeId GraphBuilder::build_body(const Layer& layer, NodeId in, LayerLowering& lowering) {
  if (const auto* branches = std::get_if<Branches>(&layer.body)) return build_branches(*branches, in, lowering);
  if (in == NodeId::none) return NodeId::none;
  return std::visit([&](const auto& op) { return lower(op, in, lowering); }, std::get<LayerOp>(layer.body));
}

NodeId GraphBuilder::build_branches(const Branches& branches, NodeId in, LayerLowering& lowering) {
  std::vector<NodeId> ends;
  ends.reserve(branches.branches.size());
  for (const Branch& branch : branches.branches) ends.push_back(build_layers(branch.layers, in));
  if (ends.empty() || std::find(ends.begin(), ends.end(), NodeId::none) != ends.end()) return NodeId::none;
  if (ends.size() == 1) return ends[0];
  if (!branches_fit(branches, ends, in, values_, result_.graph, diagnostics_)) return NodeId::none;
  const bool concat = branches.join == Branches::Join::concat;
  NodeId node = concat ? lowering.add("concat", Concat{}, ends) : ends[0];
  for (size_t i = 1; !concat && i < ends.size(); ++i) node = lowering.add("add", Add{}, {node, ends[i]});
  if (node != NodeId::none)
    add_row({lowering.layer().path, concat ? "concat" : "add", "", shape(node), {}, lowering.layer().range});
  return node;
}

NodeId GraphBuilder::build_residual(const Residual& residual, NodeId in, NodeId f, LayerLowering& lowering) {
  const NodeId shortcut = build_layers(residual.shortcut, in);
  if (shortcut == NodeId::none || f == NodeId::none) return NodeId::none;
  if (shape(shortcut) != shape(f)) {
    Diagnostic& error = diagnostics_.error(ids::residual_shapes, residual.range,
                                           fmt::format("the shortcut is {}, but what it is added to is {}",
                                                       to_string(shape(shortcut)), to_string(shape(f))));
    error.notes.push_back({lowering.layer().range, "what it is added to is here"});
    error.help = "a 1x1 convolution as `shortcut` can change channels (`out`) and map (`stride`)";
    return NodeId::none;
  }
  const NodeId sum = lowering.add("add", Add{residual.scale}, {shortcut, f});
  return lower_activation(residual.activation, "residual_activation", sum, lowering);
}

/// Gives the layer's last node the layer's path; a value that existed before becomes known by one more name.
NodeId GraphBuilder::finish(const Layer& layer, NodeId node, const LayerLowering& lowering) {
  values_[layer.path] = node;
  if (node == NodeId::none) {
    ++in_doubt_;
    return node;
  }
  Node& last = result_.graph.node(node);
  if (lowering.owns(node)) {
    last.path = layer.path;
    last.visible = true;
  } else {
    last.aliases.push_back(layer.path);
  }
  check_total(layer, node);
  return node;
}

void GraphBuilder::add_rows(const Layer& layer, NodeId out, LayerLowering& lowering) {
  if (out == NodeId::none) return;
  if (lowering.parts().empty()) lowering.part("", out);
  const std::string_view word = std::visit([](const auto& op) { return op.word; }, std::get<LayerOp>(layer.body));
  for (const LayerPart& part : lowering.parts()) {
    const std::string path = part.name.empty() ? layer.path : layer.path + "/" + part.name;
    add_row({path, std::string(word), part.details, part.out, part.cost, layer.range});
  }
}

void GraphBuilder::add_row(LayerRow row) {
  counted_.params += row.cost.params;
  counted_.macs += row.cost.macs;
  result_.layers.push_back(std::move(row));
}

/// Reports the first layer at which the network as a whole becomes larger than anything that could be run.
void GraphBuilder::check_total(const Layer& layer, NodeId out) {
  elements_ += shape(out).elements();
  const auto beyond = [](Size size) { return !size.ok() || size.value() > max_network_elements; };
  if (total_reported_ || (!beyond(elements_) && !beyond(counted_.params) && counted_.macs.ok())) return;
  total_reported_ = true;
  const char* what = beyond(counted_.params) ? "parameters" : beyond(elements_) ? "activations" : "multiply-adds";
  diagnostics_.error(ids::too_large, layer.range,
                     fmt::format("with this layer the network's {} together are more than {} numbers", what,
                                 counted_.macs.ok() ? max_network_elements : INT64_MAX));
}

}  // namespace deeper
