#include "codegen/ir/build.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ir/graph_builder.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// Node 0; an input that cannot be leaves the graph without nodes, and everything that reads it in doubt.
void add_input(const NetworkSpec& spec, Graph& graph, Diagnostics& diagnostics) {
  const Shape shape{spec.input[0], spec.input[1], spec.input[2]};
  const Size elements = shape.elements();
  if (shape == Shape{}) return;  // could not be read, and that has been told
  if (shape.height < 1 || shape.width < 1 || shape.channels < 1) {
    diagnostics.error(ids::bad_size, spec.input_range,
                      fmt::format("the input is {}: no side can be below 1", to_string(shape)));
    return;
  }
  if (!elements.ok() || elements.value() > max_tensor_elements) {
    diagnostics.error(ids::too_large, spec.input_range,
                      fmt::format("the input is {}, more than {} numbers", to_string(shape), max_tensor_elements));
    return;
  }
  Node node;
  node.op = Input{};
  node.shape = shape;
  node.path = "input";
  node.range = spec.input_range;
  graph.nodes.push_back(std::move(node));
}

void check_head_names(const NetworkSpec& spec, const BuildOptions& options, Diagnostics& diagnostics) {
  std::vector<std::string_view> names;
  names.reserve(spec.heads.size());
  for (const Head& head : spec.heads) names.push_back(head.name);
  for (const std::string& asked : options.heads) {
    if (std::find(names.begin(), names.end(), asked) != names.end()) continue;
    Diagnostic& error = diagnostics.error(ids::unknown_head, {}, fmt::format("{} has no head `{}`", spec.name, asked));
    error.help = suggestion(asked, names, "its heads");
  }
}

/// What enters the softmax that the head ends in, dropouts behind it not counted.
NodeId logits_of(const Graph& graph, NodeId output) {
  while (std::holds_alternative<Identity>(graph.node(output).op)) output = graph.node(output).inputs[0];
  return std::holds_alternative<Softmax>(graph.node(output).op) ? graph.node(output).inputs[0] : NodeId::none;
}

void build_head(const Head& head, GraphBuilder& builder, Graph& graph) {
  const Tally before = builder.now();
  const NodeId from = builder.resolve(head.from);
  const NodeId output = from == NodeId::none ? from : builder.build_layers(head.layers, from);
  builder.check(head.expect, "head " + head.name, output, before);
  if (output == NodeId::none) return;
  graph.heads.push_back(
      {head.name, output, logits_of(graph, output), head.labels, head.topk, head.range, head.labels_range});
}

}  // namespace

BuildResult build(const NetworkSpec& spec, const BuildOptions& options, const Sources&, Diagnostics& diagnostics) {
  BuildResult result;
  result.graph.name = spec.name;
  add_input(spec, result.graph, diagnostics);
  check_head_names(spec, options, diagnostics);
  GraphBuilder builder(spec, result, diagnostics);
  builder.build_layers(spec.layers, result.graph.nodes.empty() ? NodeId::none : NodeId{0});
  for (const Head& head : spec.heads)
    if (!head.optional) build_head(head, builder, result.graph);
  builder.check(spec.expect, spec.name, NodeId::none, {});
  result.total = builder.now().cost;
  result.total_layers = result.layers.size();
  for (const Head& head : spec.heads) {
    const bool asked = std::find(options.heads.begin(), options.heads.end(), head.name) != options.heads.end();
    if (head.optional && asked) build_head(head, builder, result.graph);
  }
  builder.tell_expects();
  result.with_heads = builder.now().cost;
  assert((builder.now().in_doubt == 0 || diagnostics.has_errors()) && "a layer in doubt without a word to its author");
  return result;
}

}  // namespace deeper
