#include "codegen/ops/pool.h"

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ops/layer_lowering.h"

namespace deeper {

Shape output_shape(const Pool& op, const Shapes& inputs) {
  return inputs.size() == 1 ? window_output(op.window, inputs[0], op.rounding) : Shape{};
}

std::string details(const Pool& op) {
  const std::string kind = op.kind == PoolKind::max ? "max" : "average";
  if (op.global) return "global " + kind;
  std::string text = kind + " " + details(op.window);
  if (op.rounding == Rounding::ceil) text += " ceil";
  if (op.kind == PoolKind::average && op.average == AverageCount::include_pad) text += " include_pad";
  return text;
}

NodeId lower(const PoolLayer& layer, NodeId in, LayerLowering& out) {
  if (in == NodeId::none) return NodeId::none;
  const auto window =
      resolve_window({layer.kernel, layer.stride, Size2{}, layer.pad, layer.rounding}, out.shape(in), out);
  if (!window) return NodeId::none;
  const Size2 kernel = window->kernel;
  if (std::max(window->pad_top, window->pad_bottom) >= kernel.height ||
      std::max(window->pad_left, window->pad_right) >= kernel.width) {
    out.error(ids::pad_too_large, "pad",
              fmt::format("this pool is {}: a window could lie in the padding only", details(*window)))
        .help = fmt::format("pads smaller than the window, at most {}x{}", kernel.height - 1, kernel.width - 1);
    return NodeId::none;
  }
  return out.add("pool", Pool{layer.kind, *window, layer.rounding, layer.average, false}, {in});
}

NodeId lower(const GlobalPoolLayer& layer, NodeId in, LayerLowering& out) {
  if (in == NodeId::none) return NodeId::none;
  const Shape shape = out.shape(in);
  Pool pool;
  pool.kind = layer.kind;
  pool.window.kernel = {shape.height, shape.width};
  pool.global = true;
  return out.add("pool", pool, {in});
}

}  // namespace deeper
