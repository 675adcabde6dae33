#include <fmt/format.h>

#include "codegen/schedule/plan.h"

namespace deeper {

namespace {

/// One part per segment of the node, reading input `input`; `first_op` goes in front of each segment's own epilogue.
ElementwiseKernel through(Plan& plan, NodeId id, size_t input, const PlacedEpilogueOp& first_op) {
  const Node& node = plan.graph.node(id);
  ElementwiseKernel kernel;
  for (const Segment& s : segments(plan, id)) {
    ChannelPart& part = kernel.parts.emplace_back();
    part = {plan.slice(node.inputs.at(input)), s.out, s.begin, s.out_channel, s.end - s.begin, s.end - s.begin, {}};
    if (s.out_channel + part.channels == s.out.channels) {
      part.stored = stored_channels(plan.buffer(s.out), s.out, s.out_channel, static_cast<int>(plan.lanes()));
    }
    PlacedEpilogueOp op = first_op;
    op.channel = s.begin;
    part.epilogue = {op};
    for (const PlacedEpilogueOp& own : place_epilogue(plan, node, s, 0)) part.epilogue.push_back(own);
  }
  return kernel;
}

void finish(Plan& plan, NodeId id, std::string_view what, ElementwiseKernel kernel, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  step.units = node.shape.height;
  step.algorithm = "elementwise";
  const std::string epilogue = describe_epilogue(node);
  step.summary = fmt::format("{}, {}{}{}", what, to_string(node.shape), epilogue.empty() ? "" : ", then ", epilogue);
  step.reasons.push_back("a step of its own: no step that writes its input could take it");
  step.kernel = std::move(kernel);
}

}  // namespace

void plan_copy(Plan& plan, NodeId id, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  const BufferSlice& out = plan.slice(id);
  ElementwiseKernel kernel;
  int64_t channel = 0;
  for (const NodeId input : node.inputs) {
    const BufferSlice& in = plan.slice(input);
    ChannelPart& part = kernel.parts.emplace_back();
    part = {in, out, 0, channel, in.channels, in.channels, {}};
    channel += in.channels;
    if (channel == out.channels) {
      part.stored = stored_channels(plan.buffer(out), out, part.out_channel, static_cast<int>(plan.lanes()));
    }
  }
  step.units = node.shape.height;
  step.algorithm = "copy";
  step.summary = fmt::format("{} of {}, {}", std::holds_alternative<Concat>(node.op) ? "concat" : "copy",
                             node.inputs.size(), to_string(node.shape));
  step.reasons.push_back("copied: an input of it cannot be written in place");
  step.kernel = std::move(kernel);
}

void plan_affine(Plan& plan, NodeId id, const Affine& affine, ScheduledStep& step) {
  PlacedEpilogueOp op;
  op.kind = EpilogueOp::Kind::affine;
  op.scale = pack_vector(plan, affine.scale);
  op.bias = pack_vector(plan, affine.bias);
  finish(plan, id, "scale and bias per channel", through(plan, id, 0, op), step);
}

void plan_activation(Plan& plan, NodeId id, const Activation& activation, ScheduledStep& step) {
  PlacedEpilogueOp op;
  op.kind = EpilogueOp::Kind::activation;
  op.activation = activation.spec;
  finish(plan, id, details(activation.spec), through(plan, id, 0, op), step);
}

void plan_add(Plan& plan, NodeId id, const Add& add, ScheduledStep& step) {
  PlacedEpilogueOp op;
  op.kind = EpilogueOp::Kind::add;
  op.factor = add.factor;
  op.operand = plan.slice(plan.graph.node(id).inputs.at(0));
  finish(plan, id, add.factor == 1 ? "sum of two" : "sum of two, the second scaled", through(plan, id, 1, op), step);
}

}  // namespace deeper
