#include "codegen/ops/conv2d.h"

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ops/layer_lowering.h"

namespace deeper {

Shape output_shape(const Conv2d& op, const Shapes& inputs) {
  if (inputs.size() != 1 || op.groups < 1 || inputs[0].channels % op.groups || op.out_channels % op.groups) return {};
  Shape out = window_output(op.window, inputs[0], Rounding::floor);
  if (out.height > 0) out.channels = op.out_channels;
  return out;
}

std::string details(const Conv2d& op) {
  if (op.dense) return "";
  return details(op.window) + (op.groups > 1 ? " groups " + std::to_string(op.groups) : "");
}

std::vector<ConstantUse> constant_uses(Conv2d& op, const Shapes& inputs) {
  const Size2& kernel = op.window.kernel;
  std::vector<ConstantUse> uses{
      {&op.weight, {op.out_channels, kernel.height, kernel.width, inputs[0].channels / op.groups}}};
  if (op.bias != ConstantId::none) uses.push_back({&op.bias, {op.out_channels}});
  return uses;
}

Size multiply_adds(const Conv2d& op, const Shape& in, const Shape& out) {
  return out.elements() * op.window.kernel.height * op.window.kernel.width * (in.channels / op.groups);
}

namespace {

bool groups_divide(int64_t groups, int64_t in, int64_t out_channels, LayerLowering& out) {
  if (groups < 1 || out_channels < 1) {
    out.error(ids::bad_size, "",
              fmt::format("`out` is {} and `groups` {}: both must be at least 1", out_channels, groups));
    return false;
  }
  if (in % groups == 0 && out_channels % groups == 0) return true;
  const bool input = in % groups != 0;
  out.error(ids::groups_divide, "groups",
            fmt::format("{} groups do not divide the {} {} channels", groups, input ? in : out_channels,
                        input ? "input" : "output"))
      .help = "`groups` must divide both the input's channels and `out`";
  return false;
}

}  // namespace

NodeId lower_convolution(const ConvolutionSpec& spec, NodeId in, LayerLowering& out) {
  if (in == NodeId::none) return NodeId::none;
  const Shape shape = out.shape(in);
  if (!groups_divide(spec.groups, shape.channels, spec.out, out)) return NodeId::none;
  const auto window = resolve_window(spec.window, shape, out);
  if (!window) return NodeId::none;
  const std::string folder = spec.part.empty() ? "" : spec.part + "/";
  const bool depthwise = spec.groups > 1 && spec.groups == shape.channels;
  Conv2d conv;
  conv.window = *window;
  conv.out_channels = spec.out;
  conv.groups = spec.groups;
  conv.dense = spec.dense;
  conv.weight = out.constant(folder + "weight",
                             {spec.out, window->kernel.height, window->kernel.width, shape.channels / spec.groups},
                             spec.dense  ? WeightKind::dense
                             : depthwise ? WeightKind::depthwise
                                         : WeightKind::conv);
  if (conv.weight == ConstantId::none) return NodeId::none;
  out.binding().flatten = spec.flatten;
  out.binding().input = shape;
  if (spec.bias) conv.bias = out.constant(folder + "bias", {spec.out}, WeightKind::vector);
  const NodeId node = out.add(spec.part.empty() ? "conv" : spec.part, conv, {in});
  if (node != NodeId::none) out.count_multiply_adds(multiply_adds(conv, shape, out.shape(node)));
  return node;
}

NodeId lower(const ConvLayer& layer, NodeId in, LayerLowering& out) {
  NodeId node = lower_activation(layer.pre, "pre", in, out);
  ConvolutionSpec conv;
  conv.window = {layer.kernel, layer.stride, layer.dilation, layer.pad};
  conv.out = layer.out;
  conv.groups = layer.groups;
  conv.bias = layer.bias;
  node = lower_convolution(conv, node, out);
  node = lower_batch_norm(layer.batch_norm, "bn", node, out);
  return lower_activation(layer.activation, "activation", node, out);
}

}  // namespace deeper
