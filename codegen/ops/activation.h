// An element-wise non-linearity.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Activation {
  static constexpr std::string_view name = "activation";
  ActivationSpec spec;  ///< never none, never softmax
};

Shape output_shape(const Activation& op, const Shapes& inputs);
std::string details(const Activation& op);

}  // namespace deeper
