// x / max(sqrt(sum of squares over channels), eps), for each pixel.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct L2Normalize {
  static constexpr std::string_view name = "l2_normalize";
  double eps = 1e-12;
  friend bool operator==(const L2Normalize&, const L2Normalize&) = default;
};

Shape output_shape(const L2Normalize& op, const Shapes& inputs);

}  // namespace deeper
