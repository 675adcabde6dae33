#include "codegen/ops/common.h"

#include "codegen/ir/size.h"
#include "dsl/text.h"

namespace deeper {

std::optional<int64_t> window_count(int64_t in, int64_t span, int64_t stride, int64_t pad_before, int64_t pad_after,
                                    Rounding rounding) {
  const Size padded = Size(in) + pad_before + pad_after;
  if (!padded.ok() || stride <= 0 || span <= 0 || padded.value() < span) return std::nullopt;
  const int64_t room = padded.value() - span;
  int64_t count = room / stride + 1;
  if (rounding == Rounding::ceil && room % stride != 0 && count * stride < in + pad_before) ++count;
  return count;
}

Shape window_output(const Window& window, const Shape& in, Rounding rounding) {
  const auto height =
      window_count(in.height, window.span_height(), window.stride.height, window.pad_top, window.pad_bottom, rounding);
  const auto width =
      window_count(in.width, window.span_width(), window.stride.width, window.pad_left, window.pad_right, rounding);
  return height && width ? Shape{*height, *width, in.channels} : Shape{};
}

namespace {

std::string size_text(const Size2& size) { return std::to_string(size.height) + "x" + std::to_string(size.width); }
/// One number where both are the same.
std::string short_text(const Size2& size) {
  return size.height == size.width ? std::to_string(size.height) : size_text(size);
}

std::string pad_text(const Window& w) {
  if (w.pad_top == w.pad_bottom && w.pad_left == w.pad_right) return short_text({w.pad_top, w.pad_left});
  return std::to_string(w.pad_top) + "," + std::to_string(w.pad_left) + "," + std::to_string(w.pad_bottom) + "," +
         std::to_string(w.pad_right);
}

}  // namespace

std::string details(const Window& window) {
  std::string text = size_text(window.kernel);
  if (window.stride != Size2{}) text += "/" + short_text(window.stride);
  if (window.pad_top || window.pad_left || window.pad_bottom || window.pad_right) text += " pad " + pad_text(window);
  if (window.dilation != Size2{}) text += " dilation " + short_text(window.dilation);
  return text;
}

std::string details(const ActivationSpec& spec) {
  switch (spec.kind) {
    case ActivationKind::none:
      return "none";
    case ActivationKind::relu:
      return "relu";
    case ActivationKind::relu6:
      return "relu6";
    case ActivationKind::leaky_relu:
      return "leaky_relu " + number_text(spec.slope);
    case ActivationKind::sigmoid:
      return "sigmoid";
    case ActivationKind::tanh:
      return "tanh";
    case ActivationKind::silu:
      return "silu";
    case ActivationKind::hard_swish:
      return "hard_swish";
    case ActivationKind::softmax:
      return "softmax";
  }
  return "";
}

}  // namespace deeper
