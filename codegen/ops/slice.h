// A channel range of its input, as merging siblings leaves it; costs nothing.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Slice {
  static constexpr std::string_view name = "slice";
  int64_t begin = 0, end = 0;  ///< channels, half open
};

Shape output_shape(const Slice& op, const Shapes& inputs);
std::string details(const Slice& op);

}  // namespace deeper
