// A dense layer is a convolution whose window is the whole map; it has no op of its own.
#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ops/layer_lowering.h"

namespace deeper {

NodeId lower(const DenseLayer& layer, NodeId in, LayerLowering& out) {
  if (in == NodeId::none) return NodeId::none;
  const Shape shape = out.shape(in);
  if (!layer.flatten && (shape.height > 1 || shape.width > 1)) {
    out.error(ids::flatten_missing, "",
              fmt::format("the input of this dense layer is {}, so the order of its weights must be said",
                          to_string(shape)))
        .help = "`flatten: chw` (Caffe, PyTorch) or `flatten: hwc` (TensorFlow)";
    return NodeId::none;
  }
  ConvolutionSpec conv;
  conv.window.kernel = {shape.height, shape.width};
  conv.out = layer.out;
  conv.bias = layer.bias;
  conv.dense = true;
  if (shape.height > 1 || shape.width > 1) conv.flatten = layer.flatten;
  NodeId node = lower_convolution(conv, in, out);
  node = lower_batch_norm(layer.batch_norm, "bn", node, out);
  return lower_activation(layer.activation, "activation", node, out);
}

}  // namespace deeper
