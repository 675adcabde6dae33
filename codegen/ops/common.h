// Small pieces that several ops share.
#pragma once
#include <cstdint>
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

}  // namespace deeper
