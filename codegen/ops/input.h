// The network's input tensor, already preprocessed.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Input {
  static constexpr std::string_view name = "input";
};

Shape output_shape(const Input& op, const Shapes& inputs);

}  // namespace deeper
