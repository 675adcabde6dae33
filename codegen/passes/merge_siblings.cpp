#include "codegen/passes/merge_siblings.h"

#include <algorithm>
#include <map>

#include "codegen/passes/rewrite.h"

namespace deeper {
namespace {

using Values = std::shared_ptr<const std::vector<float>>;

bool can_merge(const Node& node) {
  const auto* conv = std::get_if<Conv2d>(&node.op);
  if (!conv || conv->dense || conv->groups != 1 || node.inputs.size() != 1 || node.epilogues.size() > 1) return false;
  return conv->window.kernel == Size2{} && conv->window == Window{{}, {}, conv->window.dilation};
}

/// "inception_3a/1x1+3x3_reduce": the folder that all share once.
std::string merged_path(const Graph& graph, const std::vector<NodeId>& members) {
  std::string folder = graph.node(members[0]).path;
  folder.resize(folder.rfind('/') + 1);  // npos + 1 = 0
  std::string path;
  for (const NodeId id : members)
    if (!graph.node(id).path.starts_with(folder)) folder.clear();
  for (const NodeId id : members) path += (path.empty() ? folder : "+") + graph.node(id).path.substr(folder.size());
  return path;
}

/// The members' values one after the other; `missing[i]` zeros where one has none. Null while any is not bound.
Values joined(const Graph& graph, const std::vector<ConstantId>& parts, const std::vector<int64_t>& missing) {
  auto values = std::make_shared<std::vector<float>>();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == ConstantId::none) {
      values->insert(values->end(), static_cast<size_t>(missing[i]), 0.0F);
      continue;
    }
    const Values& part = graph.constant(parts[i]).values;
    if (!part) return nullptr;
    values->insert(values->end(), part->begin(), part->end());
  }
  return values;
}

Node merged_node(Graph& graph, const std::vector<NodeId>& members) {
  const Node& first = graph.node(members[0]);
  Node node;
  node.path = merged_path(graph, members);
  node.visible = false;
  node.range = first.range;
  node.inputs = first.inputs;
  node.shape = first.shape;
  std::vector<ConstantId> weights, biases;
  std::vector<int64_t> channels;
  int64_t begin = 0;
  for (const NodeId id : members) {
    const Node& member = graph.node(id);
    const auto& conv = std::get<Conv2d>(member.op);
    weights.push_back(conv.weight);
    biases.push_back(conv.bias);
    channels.push_back(conv.out_channels);
    node.epilogues.push_back(
        {begin, begin + conv.out_channels, member.epilogues.empty() ? Epilogue{} : member.epilogues[0].ops});
    begin += conv.out_channels;
  }
  node.shape.channels = begin;
  auto conv = std::get<Conv2d>(first.op);
  conv.out_channels = begin;
  const int64_t in = graph.node(node.inputs[0]).shape.channels;
  conv.weight =
      add_constant(graph, node.path + "/weight", {begin, 1, 1, in}, node.range, joined(graph, weights, channels));
  if (std::any_of(biases.begin(), biases.end(), [](ConstantId id) { return id != ConstantId::none; }))
    conv.bias = add_constant(graph, node.path + "/bias", {begin}, node.range, joined(graph, biases, channels));
  node.op = conv;
  return node;
}

/// Appends the joint convolution and turns the members into slices of it.
NodeId merge(Graph& graph, const std::vector<NodeId>& members) {
  Node node = merged_node(graph, members);
  const auto merged = static_cast<NodeId>(graph.nodes.size());
  for (size_t i = 0; i < members.size(); ++i) {
    Node& member = graph.node(members[i]);
    member.op = Slice{node.epilogues[i].begin, node.epilogues[i].end};
    member.inputs = {merged};
    member.epilogues.clear();
  }
  graph.nodes.push_back(std::move(node));
  return merged;
}

}  // namespace

Graph merge_siblings(Graph graph) {
  std::map<NodeId, std::vector<NodeId>> siblings;  // by what they read
  const size_t count = graph.nodes.size();
  for (size_t i = 0; i < count; ++i)
    if (can_merge(graph.nodes[i])) siblings[graph.nodes[i].inputs[0]].push_back(static_cast<NodeId>(i));
  std::map<NodeId, NodeId> before;  // the joint convolution stands before the first of its members
  for (const auto& [input, members] : siblings)
    if (members.size() > 1) before[members[0]] = merge(graph, members);
  std::vector<NodeId> order;
  for (size_t i = 0; i < count; ++i) {
    const auto id = static_cast<NodeId>(i);
    if (const auto merged = before.find(id); merged != before.end()) order.push_back(merged->second);
    order.push_back(id);
  }
  return arrange(std::move(graph), order);
}

}  // namespace deeper
