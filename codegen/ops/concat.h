// Channels of all inputs side by side, in order.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Concat {
  static constexpr std::string_view name = "concat";
  bool elided = false;  ///< every input writes its channel range of the joint buffer itself
};

Shape output_shape(const Concat& op, const Shapes& inputs);
std::string details(const Concat& op);

}  // namespace deeper
