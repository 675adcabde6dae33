// exp(x - max) / sum of the same, over the channels of each pixel.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Softmax {
  static constexpr std::string_view name = "softmax";
};

Shape output_shape(const Softmax& op, const Shapes& inputs);

}  // namespace deeper
