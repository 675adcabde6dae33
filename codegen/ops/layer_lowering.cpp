#include "codegen/ops/layer_lowering.h"

#include <algorithm>
#include <cassert>
#include <tuple>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"

namespace deeper {

NodeId LayerLowering::add(std::string_view stage, Op op, std::vector<NodeId> inputs) {
  Shapes shapes;
  for (const NodeId id : inputs) {
    if (id == NodeId::none) return NodeId::none;
    shapes.push_back(shape(id));
  }
  const Shape out = op_shape(op, shapes);
  assert(out.height > 0 && "a layer's own checks come before its nodes");
  if (const Size elements = out.elements(); !elements.ok() || elements.value() > max_tensor_elements) {
    error(ids::too_large, "",
          fmt::format("the output is {}, more than {} numbers", to_string(out), max_tensor_elements));
    return NodeId::none;
  }
  describe(op);
  Node node;
  node.op = op;
  node.inputs = std::move(inputs);
  node.shape = out;
  node.path = layer_.path + "/" + std::string(stage);
  node.visible = false;
  node.range = layer_.range;
  graph_.nodes.push_back(std::move(node));
  added_.push_back(static_cast<NodeId>(graph_.nodes.size() - 1));
  return added_.back();
}

ConstantId LayerLowering::constant(std::string_view name, std::vector<int64_t> dims, WeightKind kind, bool trainable) {
  Size elements = 1;
  for (const int64_t dim : dims) elements *= dim;
  const std::string path = layer_.path + "/" + std::string(name);
  if (!elements.ok() || elements.value() > max_tensor_elements) {
    error(ids::too_large, "",
          fmt::format("`{}` would be {} numbers, more than {}", path, fmt::join(dims, "x"), max_tensor_elements));
    return ConstantId::none;
  }
  if (trainable) part_.cost.params += elements;
  graph_.constants.push_back({path, std::move(dims), layer_.range, trainable, nullptr, {}});
  const auto id = static_cast<ConstantId>(graph_.constants.size() - 1);
  graph_.bindings.push_back({id, kind, path, std::nullopt, {}});
  return id;
}

void LayerLowering::part(std::string_view name, NodeId out) {
  if (out == NodeId::none) return;
  if (!name.empty() && owns(out)) {
    Node& last = graph_.node(out);
    last.path = layer_.path + "/" + std::string(name);
    last.visible = true;
  }
  part_.name = name;
  part_.out = shape(out);
  parts_.push_back(std::move(part_));
  part_ = {};
}

bool LayerLowering::owns(NodeId id) const { return std::find(added_.begin(), added_.end(), id) != added_.end(); }

void LayerLowering::describe(const Op& op) {
  std::string text = op_details(op);
  if (text.empty() && !added_.empty()) text = op_word(op);  // a layer's first op is what the layer's word says
  if (text.empty()) return;
  if (!part_.details.empty()) part_.details += ", ";
  part_.details += text;
}

namespace {

/// 2^31 bounds every number of a window, so that sums and products of two of them cannot overflow 64 bits.
bool window_numbers_ok(const WindowSpec& spec, LayerLowering& out) {
  const int64_t positive[] = {spec.kernel.height, spec.kernel.width,    spec.stride.height,
                              spec.stride.width,  spec.dilation.height, spec.dilation.width};
  const int64_t pads[] = {spec.pad.top, spec.pad.left, spec.pad.bottom, spec.pad.right};
  const auto huge = [](int64_t n) { return n > max_tensor_elements; };
  if (std::any_of(std::begin(positive), std::end(positive), huge) ||
      std::any_of(std::begin(pads), std::end(pads), huge)) {
    out.error(ids::too_large, "",
              fmt::format("a window, stride, dilation or pad is larger than {}", max_tensor_elements));
    return false;
  }
  if (std::any_of(std::begin(positive), std::end(positive), [](int64_t n) { return n < 1; }) ||
      std::any_of(std::begin(pads), std::end(pads), [](int64_t n) { return n < 0; })) {
    out.error(ids::bad_size, "", "kernel, stride and dilation must be at least 1, pads at least 0");
    return false;
  }
  return true;
}

bool same_is_defined(const WindowSpec& spec, LayerLowering& out) {
  const bool odd = spec.kernel.height % 2 == 1 && spec.kernel.width % 2 == 1;
  const bool dense = spec.stride == Size2{};
  if (odd && dense) return true;
  const Window window{spec.kernel, spec.stride, spec.dilation};
  out.error(ids::pad_same, "pad",
            fmt::format("`pad: same` is for odd kernels at stride 1, and this window is {}", details(window)))
      .help = "`pad: same_tf` pads any window to ceil(in / stride) pixels, the extra one on bottom and right";
  return false;
}

/// Pads before and after one dimension under `same_tf`.
std::pair<int64_t, int64_t> same_tf_pads(int64_t in, int64_t span, int64_t stride) {
  const int64_t count = (in + stride - 1) / stride;
  const int64_t total = std::max<int64_t>((count - 1) * stride + span - in, 0);
  return {total / 2, total - total / 2};
}

void set_pads(Window& window, const Pad& pad, const Shape& in) {
  const int64_t height = window.span_height(), width = window.span_width();
  switch (pad.mode) {
    case Pad::Mode::valid:
      return;
    case Pad::Mode::numbers:
      window.pad_top = pad.top, window.pad_left = pad.left, window.pad_bottom = pad.bottom,
      window.pad_right = pad.right;
      return;
    case Pad::Mode::same:
      window.pad_top = window.pad_bottom = height / 2;
      window.pad_left = window.pad_right = width / 2;
      return;
    case Pad::Mode::same_tf:
      std::tie(window.pad_top, window.pad_bottom) = same_tf_pads(in.height, height, window.stride.height);
      std::tie(window.pad_left, window.pad_right) = same_tf_pads(in.width, width, window.stride.width);
      return;
  }
}

}  // namespace

std::optional<Window> resolve_window(const WindowSpec& spec, const Shape& in, LayerLowering& out) {
  if (!window_numbers_ok(spec, out)) return std::nullopt;
  if (spec.pad.mode == Pad::Mode::same && !same_is_defined(spec, out)) return std::nullopt;
  Window window{spec.kernel, spec.stride, spec.dilation};
  set_pads(window, spec.pad, in);
  if (window_output(window, in, spec.rounding).height > 0) return window;
  const int64_t height = in.height + window.pad_top + window.pad_bottom;
  const int64_t width = in.width + window.pad_left + window.pad_right;
  out.error(ids::window_too_large, "kernel",
            fmt::format("the window spans {}x{}, but its input is {}x{}{}", window.span_height(), window.span_width(),
                        height, width, height != in.height || width != in.width ? " with its padding" : ""))
      .help = "a smaller kernel, more padding, or a larger input of the network";
  return std::nullopt;
}

}  // namespace deeper
