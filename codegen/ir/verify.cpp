#include "codegen/ir/verify.h"

#include <set>

#include <fmt/format.h>

namespace deeper {
namespace {

/// One line about the first thing that is wrong; empty when nothing is.
using Finding = std::string;

Finding check_inputs(const Graph& graph, size_t at) {
  const Node& node = graph.nodes[at];
  if (std::holds_alternative<Input>(node.op) != (at == 0)) return "the input must be node 0, and only that";
  for (const NodeId input : node.inputs)
    if (index(input) < 0 || static_cast<size_t>(index(input)) >= at)
      return fmt::format("input {} is not before it", index(input));
  if (node.inputs.size() < own_inputs(node))
    return fmt::format("has {} inputs, needs {}", node.inputs.size(), own_inputs(node));
  if (std::holds_alternative<Concat>(node.op) && node.inputs.size() < 2) return "a concat of fewer than two";
  return {};
}

Finding check_shape(const Graph& graph, size_t at) {
  const Node& node = graph.nodes[at];
  if (node.shape.height < 1 || node.shape.width < 1 || node.shape.channels < 1)
    return "shape is " + to_string(node.shape);
  if (at == 0) return {};
  const Shape rule = op_shape(node.op, graph.input_shapes(node));
  return rule == node.shape ? Finding{}
                            : fmt::format("shape is {}, by the op's rule {}", to_string(node.shape), to_string(rule));
}

Finding check_op(const Node& node) {
  if (const auto* activation = std::get_if<Activation>(&node.op)) {
    const ActivationKind kind = activation->spec.kind;
    if (kind == ActivationKind::none || kind == ActivationKind::softmax) return "an activation of none or softmax";
  }
  return {};
}

bool may_have_epilogue(const Op& op) {
  return std::holds_alternative<Conv2d>(op) || std::holds_alternative<Pool>(op) || std::holds_alternative<Affine>(op) ||
         std::holds_alternative<Add>(op);
}

Finding check_epilogues(const Graph& graph, const Node& node) {
  std::set<int> operands;
  int64_t covered = 0;
  for (const EpilogueSlice& slice : node.epilogues) {
    if (slice.begin != covered || slice.end <= slice.begin)
      return fmt::format("epilogue slice {}..{} does not follow {}", slice.begin, slice.end, covered);
    covered = slice.end;
    const Shape shape{node.shape.height, node.shape.width, slice.end - slice.begin};
    for (const EpilogueOp& op : slice.ops) {
      const bool softmax = op.activation.kind == ActivationKind::softmax || op.activation.kind == ActivationKind::none;
      if (op.kind == EpilogueOp::Kind::activation && softmax) return "an epilogue activation of none or softmax";
      if (op.kind != EpilogueOp::Kind::add) continue;
      const auto operand = static_cast<size_t>(op.operand);
      if (op.operand < 0 || operand < own_inputs(node) || operand >= node.inputs.size())
        return fmt::format("epilogue operand {} is no input of it", op.operand);
      if (graph.node(node.inputs[operand]).shape != shape)
        return fmt::format("epilogue operand {} is not {}", op.operand, to_string(shape));
      operands.insert(op.operand);
    }
  }
  if (!node.epilogues.empty() && covered != node.shape.channels)
    return fmt::format("epilogues cover {} of {} channels", covered, node.shape.channels);
  if (!node.epilogues.empty() && !may_have_epilogue(node.op)) return "this op has no epilogue";
  if (operands.size() != node.inputs.size() - own_inputs(node))
    return "an input is neither the op's nor its epilogue's";
  return {};
}

Finding check_constants(const Graph& graph, Node node) {
  for (const ConstantUse& use : constants_of(node, graph.input_shapes(node))) {
    if (index(*use.id) < 0 || static_cast<size_t>(index(*use.id)) >= graph.constants.size())
      return fmt::format("constant {} does not exist", index(*use.id));
    const Constant& constant = graph.constant(*use.id);
    if (constant.dims != use.dims)
      return fmt::format("constant {} is {}, but {} is needed", constant.path, fmt::join(constant.dims, "x"),
                         fmt::join(use.dims, "x"));
    size_t elements = 1;
    for (const int64_t dim : constant.dims) elements *= static_cast<size_t>(dim);
    if (constant.values && constant.values->size() != elements)
      return fmt::format("constant {} has {} values", constant.path, constant.values->size());
  }
  return {};
}

/// A slice writes where its convolution writes that part: nothing else may read the convolution as a whole.
bool written_in_parts(const Graph& graph, NodeId id) {
  if (!std::holds_alternative<Conv2d>(graph.node(id).op)) return false;
  for (const Node& node : graph.nodes)
    for (const NodeId input : node.inputs)
      if (input == id && !std::holds_alternative<Slice>(node.op)) return false;
  for (const GraphHead& head : graph.heads)
    if (head.output == id || head.logits == id) return false;
  return true;
}

Finding check_elided(const Graph& graph, const Node& node, std::set<NodeId>& owned) {
  const auto* concat = std::get_if<Concat>(&node.op);
  if (!concat || !concat->elided) return {};
  for (const NodeId id : node.inputs) {
    const Node& input = graph.node(id);
    if (!owned.insert(id).second) return fmt::format("{} cannot write into two elided concats", input.path);
    if (std::holds_alternative<Input>(input.op) || std::holds_alternative<Identity>(input.op))
      return fmt::format("{} cannot write in place", input.path);
    if (std::holds_alternative<Slice>(input.op) && !written_in_parts(graph, input.inputs[0]))
      return fmt::format("{} is a slice of a value that is read as a whole", input.path);
  }
  return {};
}

Finding check_names(const Node& node, std::set<std::string>& names) {
  if (node.visible && !names.insert(node.path).second) return "its path is taken";
  for (const std::string& alias : node.aliases)
    if (!names.insert(alias).second) return fmt::format("its other name {} is taken", alias);
  return {};
}

Finding check_heads(const Graph& graph) {
  const auto exists = [&](NodeId id) { return index(id) >= 0 && static_cast<size_t>(index(id)) < graph.nodes.size(); };
  for (const GraphHead& head : graph.heads) {
    if (!exists(head.output)) return fmt::format("head {}: its output does not exist", head.name);
    if (head.logits != NodeId::none && !exists(head.logits))
      return fmt::format("head {}: its logits do not exist", head.name);
  }
  return {};
}

}  // namespace

std::string verify(const Graph& graph) {
  if (graph.nodes.empty()) return "the graph has no nodes";
  std::set<NodeId> owned;
  std::set<std::string> names;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    Finding found = check_inputs(graph, i);
    if (found.empty()) found = check_op(node);
    if (found.empty()) found = check_shape(graph, i);
    if (found.empty()) found = check_epilogues(graph, node);
    if (found.empty()) found = check_constants(graph, node);
    if (found.empty()) found = check_elided(graph, node, owned);
    if (found.empty()) found = check_names(node, names);
    if (!found.empty()) return fmt::format("node {} ({}): {}", i, node.path, found);
  }
  for (const WeightBinding& binding : graph.bindings)
    if (index(binding.constant) < 0 || static_cast<size_t>(index(binding.constant)) >= graph.constants.size())
      return fmt::format("binding {}: its constant does not exist", binding.path);
  return check_heads(graph);
}

}  // namespace deeper
