// Small pieces that several ops share.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/ir/ids.h"
#include "codegen/ir/size.h"
#include "dsl/layers.h"

namespace deeper {

/// A sliding window with its pads resolved to pixels.
struct Window {
  Size2 kernel, stride, dilation;
  int64_t pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;
  friend bool operator==(const Window&, const Window&) = default;

  /// Rows and columns that the dilated kernel spans.
  int64_t span_height() const { return (kernel.height - 1) * dilation.height + 1; }
  int64_t span_width() const { return (kernel.width - 1) * dilation.width + 1; }
};

/// What a layer costs, as people publish it. Multiply-adds of convolutions and dense layers only; bytes as float32.
struct Cost {
  Size params = 0;
  Size macs = 0;
};

/// One element of an epilogue, applied to an op's sums channel by channel, in list order.
struct EpilogueOp {
  enum class Kind { bias, affine, activation, add };
  Kind kind = Kind::bias;
  ConstantId bias{};            ///< bias: y = x + bias[c]; affine: y = x * scale[c] + bias[c]
  ConstantId scale{};           ///< affine
  ActivationSpec activation{};  ///< activation
  int operand = -1;             ///< add: index into the node's inputs; y = operand + factor * x
  double factor = 1;            ///< add
};

using Epilogue = std::vector<EpilogueOp>;

/// Shapes of an op's inputs, epilogue operands left out. `output_shape(op, inputs)` of each op (in the op's file) is
/// its shape rule: the zero shape when the inputs do not suit the op, which `verify` reports.
using Shapes = std::vector<Shape>;

/// A constant that an op refers to, and the dims that it must have.
struct ConstantUse {
  ConstantId* id = nullptr;
  std::vector<int64_t> dims;
};

/// Output rows (or columns) of a window over `in` pixels: floor, or ceil as Caffe and PyTorch (the last window starts
/// inside the input or its top/left padding). Nothing when the window is larger than the padded input, or on overflow.
std::optional<int64_t> window_count(int64_t in, int64_t span, int64_t stride, int64_t pad_before, int64_t pad_after,
                                    Rounding rounding);

/// The map that a window makes of another (channels are the op's business); the zero shape where `window_count` has
/// none.
Shape window_output(const Window& window, const Shape& in, Rounding rounding);

/// "3x3/2 pad 1"; pads as one number, HxW or top,left,bottom,right; dilation only where there is one.
std::string details(const Window& window);
/// "relu", "leaky_relu 0.1".
std::string details(const ActivationSpec& spec);

}  // namespace deeper
