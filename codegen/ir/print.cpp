// The graph as text: a node a line, in columns.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "codegen/ir/verify.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// A name for every node: its path, with the node's number where several share one.
std::vector<std::string> display_names(const Graph& graph) {
  std::map<std::string, int> count;
  for (const Node& node : graph.nodes) ++count[node.path];
  std::vector<std::string> names;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    names.push_back(count[node.path] > 1 && !node.visible ? fmt::format("{}#{}", node.path, i) : node.path);
  }
  return names;
}

std::string epilogue_text(const EpilogueSlice& slice, const Node& node, const std::vector<std::string>& names) {
  std::vector<std::string> words;
  for (const EpilogueOp& op : slice.ops) {
    switch (op.kind) {
      case EpilogueOp::Kind::bias:
        words.push_back("bias");
        break;
      case EpilogueOp::Kind::affine:
        words.push_back("affine");
        break;
      case EpilogueOp::Kind::activation:
        words.push_back(details(op.activation));
        break;
      case EpilogueOp::Kind::add: {
        const std::string& operand = names[static_cast<size_t>(index(node.inputs[static_cast<size_t>(op.operand)]))];
        words.push_back(op.factor == 1 ? "add " + operand
                                       : fmt::format("times {} add {}", number_text(op.factor), operand));
      }
    }
  }
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

std::string op_text(const Node& node, const std::vector<std::string>& names) {
  std::string text(op_word(node.op));
  if (const std::string more = op_details(node.op); !more.empty()) text += " " + more;
  const auto* conv = std::get_if<Conv2d>(&node.op);
  if (conv && conv->bias != ConstantId::none) text += " bias";
  for (size_t i = 0; i < own_inputs(node); ++i) text += " " + names[static_cast<size_t>(index(node.inputs[i]))];
  return text;
}

std::string rest_text(const Node& node, const std::vector<std::string>& names) {
  std::string text;
  for (const EpilogueSlice& slice : node.epilogues) {
    text += node.epilogues.size() > 1 ? fmt::format(" | {}..{} ", slice.begin, slice.end) : " | ";
    text += epilogue_text(slice, node, names);
  }
  if (!node.fused.empty()) text += fmt::format(" (fused {})", fmt::join(node.fused, ", "));
  if (!node.aliases.empty()) text += fmt::format(" (also {})", fmt::join(node.aliases, ", "));
  return text;
}

}  // namespace

std::string print_nodes(const Graph& graph) {
  const std::vector<std::string> names = display_names(graph);
  std::vector<std::string> ops;
  size_t name_width = 0, op_width = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    ops.push_back(op_text(graph.nodes[i], names));
    name_width = std::max(name_width, names[i].size());
    op_width = std::max(op_width, ops[i].size());
  }
  std::string text;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    text += fmt::format("{:<{}}  {:<{}}  {}{}\n", names[i], name_width, ops[i], op_width, to_string(node.shape),
                        rest_text(node, names));
  }
  return text;
}

std::string print_heads(const Graph& graph) {
  const std::vector<std::string> names = display_names(graph);
  std::string text;
  for (const GraphHead& head : graph.heads) {
    text += fmt::format("head {}: {}", head.name, names[static_cast<size_t>(index(head.output))]);
    if (head.logits != NodeId::none) text += ", logits " + names[static_cast<size_t>(index(head.logits))];
    text += "\n";
  }
  return text;
}

std::string print_constants(const Graph& graph) {
  std::string text;
  for (const Constant& constant : graph.constants) {
    text += fmt::format("{}  {}", constant.path, fmt::join(constant.dims, "x"));
    if (constant.values) text += fmt::format("  {:.6g}", fmt::join(*constant.values, " "));
    text += "\n";
  }
  return text;
}

std::string print(const Graph& graph) { return print_nodes(graph) + print_heads(graph); }

}  // namespace deeper
