// y = x * scale[c] + bias[c]: what is left of a batch norm that has no convolution to fold into.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Affine {
  static constexpr std::string_view name = "affine";
  ConstantId scale{}, bias{};  ///< [channels]
};

Shape output_shape(const Affine& op, const Shapes& inputs);
std::vector<ConstantUse> constant_uses(Affine& op, const Shapes& inputs);

}  // namespace deeper
