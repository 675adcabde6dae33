#include "codegen/schedule/plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace deeper {

namespace {

/// Slices that stand for the node's output, or the node's own place.
std::vector<Segment> places(const Plan& plan, NodeId id) {
  const std::vector<NodeId>& parts = plan.storage.scattered[static_cast<size_t>(index(id))];
  if (parts.empty()) return {{0, plan.graph.node(id).shape.channels, plan.slice(id), 0, nullptr}};
  std::vector<Segment> list;
  for (const NodeId part : parts) {
    const Slice& slice = std::get<Slice>(plan.graph.node(part).op);
    list.push_back({slice.begin, slice.end, plan.slice(part), 0, nullptr});
  }
  return list;
}

std::string describe(const EpilogueOp& op) {
  switch (op.kind) {
    case EpilogueOp::Kind::bias:
      return "bias";
    case EpilogueOp::Kind::affine:
      return "scale and bias";
    case EpilogueOp::Kind::activation:
      return details(op.activation);
    case EpilogueOp::Kind::add:
      return op.factor == 1 ? "add" : "scaled add";
  }
  return {};
}

}  // namespace

std::vector<Segment> segments(const Plan& plan, NodeId id) {
  const Node& node = plan.graph.node(id);
  if (node.epilogues.empty()) return places(plan, id);
  std::vector<Segment> list;
  for (const Segment& place : places(plan, id)) {
    for (const EpilogueSlice& epilogue : node.epilogues) {
      const int64_t begin = std::max(place.begin, epilogue.begin), end = std::min(place.end, epilogue.end);
      if (begin < end) list.push_back({begin, end, place.out, begin - place.begin, &epilogue});
    }
  }
  return list;
}

const std::string& view_name(const Plan& plan, const BufferSlice& slice) {
  const auto is_it = [&](const NamedView& view) { return view.slice == slice; };
  return std::find_if(plan.storage.views.begin(), plan.storage.views.end(), is_it)->name;
}

PlacedEpilogue place_epilogue(Plan& plan, const Node& node, const Segment& segment, int64_t first) {
  PlacedEpilogue placed;
  if (!segment.epilogue) return placed;
  const int64_t channel = segment.begin + first - segment.epilogue->begin;
  for (const EpilogueOp& op : segment.epilogue->ops) {
    PlacedEpilogueOp& to = placed.emplace_back();
    to.kind = op.kind;
    to.activation = op.activation;
    to.factor = op.factor;
    to.channel = channel;
    if (op.kind == EpilogueOp::Kind::affine) to.scale = pack_vector(plan, op.scale);
    if (op.kind == EpilogueOp::Kind::affine || op.kind == EpilogueOp::Kind::bias) to.bias = pack_vector(plan, op.bias);
    if (op.kind == EpilogueOp::Kind::add) {
      to.operand = plan.slice(node.inputs.at(static_cast<size_t>(op.operand)));
      if (to.operand.channels == node.shape.channels) to.channel = segment.begin + first;
    }
  }
  return placed;
}

int pack(Plan& plan, std::string_view path, int64_t floats, decltype(Packed::content) content) {
  Schedule& result = plan.result;
  result.packed.push_back(
      {plan.weight_names.unique(path), result.weights_floats, plan.whole_vectors(floats), std::move(content)});
  result.weights_floats += result.packed.back().floats;
  return static_cast<int>(result.packed.size()) - 1;
}

int pack_vector(Plan& plan, ConstantId constant) {
  const auto [known, missing] = plan.vectors.try_emplace(constant, 0);
  if (missing) {
    const Constant& values = plan.graph.constant(constant);
    const int64_t padded = plan.whole_vectors(values.dims.at(0));
    known->second = pack(plan, values.path, padded, PackedVector{constant, padded});
  }
  return known->second;
}

std::string describe_epilogue(const Node& node) {
  std::vector<std::string> slices;
  const auto* conv = std::get_if<Conv2d>(&node.op);
  const std::string bias = conv && conv->bias != ConstantId::none ? "bias" : "";
  for (const EpilogueSlice& slice : node.epilogues) {
    std::string text = bias;
    for (const EpilogueOp& op : slice.ops) text += (text.empty() ? "" : " + ") + describe(op);
    if (text.empty()) text = "no epilogue";
    if (std::find(slices.begin(), slices.end(), text) == slices.end()) slices.push_back(text);
  }
  if (slices.empty()) return bias;
  if (slices.size() == 1) return slices[0] == "no epilogue" ? "" : slices[0];
  return fmt::format("({})", fmt::join(slices, " | "));
}

std::string describe_shapes(const Plan& plan, NodeId id) {
  const Node& node = plan.graph.node(id);
  std::string text = to_string(plan.graph.node(node.inputs.at(0)).shape) + " -> ";
  const std::vector<NodeId>& parts = plan.storage.scattered[static_cast<size_t>(index(id))];
  if (parts.empty()) return text + to_string(node.shape);
  std::vector<int64_t> channels;
  for (const NodeId part : parts) channels.push_back(plan.graph.node(part).shape.channels);
  return text + fmt::format("{}x{}x({})", node.shape.height, node.shape.width, fmt::join(channels, " | "));
}

std::string grouped_digits(int64_t number) {
  std::string text = std::to_string(number);
  for (int64_t at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

}  // namespace deeper
