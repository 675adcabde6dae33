// A separable convolution is a depthwise one and a 1x1; it has no op of its own.
#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ops/layer_lowering.h"

namespace deeper {

NodeId lower(const SeparableConvLayer& layer, NodeId in, LayerLowering& out) {
  NodeId node = lower_activation(layer.pre, "pre", in, out);
  if (node == NodeId::none) return NodeId::none;
  const int64_t channels = out.shape(node).channels;
  const Size middle = Size(channels) * layer.depth_multiplier;
  if (!middle.ok() || middle.value() > max_tensor_elements) {
    out.error(ids::too_large, "depth_multiplier",
              fmt::format("{} channels times depth_multiplier {} is too large", channels, layer.depth_multiplier));
    return NodeId::none;
  }
  ConvolutionSpec depthwise;
  depthwise.window = {layer.kernel, layer.stride, layer.dilation, layer.pad};
  depthwise.out = middle.value();
  depthwise.groups = channels;
  depthwise.bias = false;
  depthwise.part = "depthwise";
  node = lower_convolution(depthwise, node, out);
  node = lower_batch_norm(layer.between_batch_norm, "depthwise/bn", node, out);
  node = lower_activation(layer.between, "between", node, out);
  out.part("depthwise", node);

  ConvolutionSpec pointwise;
  pointwise.out = layer.out;
  pointwise.bias = layer.bias;
  pointwise.part = "pointwise";
  node = lower_convolution(pointwise, node, out);
  node = lower_batch_norm(layer.batch_norm, "pointwise/bn", node, out);
  node = lower_activation(layer.activation, "activation", node, out);
  out.part("pointwise", node);
  return node;
}

}  // namespace deeper
