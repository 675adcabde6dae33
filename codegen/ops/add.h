// inputs[0] + factor * inputs[1], same shape (a residual's join; branches joined by add are a chain of these).
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Add {
  static constexpr std::string_view name = "add";
  double factor = 1;
};

Shape output_shape(const Add& op, const Shapes& inputs);
std::string details(const Add& op);

}  // namespace deeper
