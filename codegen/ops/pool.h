// Max or average over a window. A global pool is one whose window is the whole map.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Pool {
  static constexpr std::string_view name = "pool";
  PoolKind kind = PoolKind::max;
  Window window;
  Rounding rounding = Rounding::floor;
  AverageCount average = AverageCount::exclude_pad;
  bool global = false;  ///< written as `global_pool`
};

Shape output_shape(const Pool& op, const Shapes& inputs);
std::string details(const Pool& op);

}  // namespace deeper
