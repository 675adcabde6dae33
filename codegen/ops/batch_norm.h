// y = (x - mean) * gamma / sqrt(var + eps) + beta, per channel, with moving statistics.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct BatchNorm {
  static constexpr std::string_view name = "batch_norm";
  double eps = 1e-3;
  ConstantId gamma = ConstantId::none, beta{}, mean{}, var{};  ///< [channels]; no gamma = 1
};

Shape output_shape(const BatchNorm& op, const Shapes& inputs);
std::vector<ConstantUse> constant_uses(BatchNorm& op, const Shapes& inputs);

}  // namespace deeper
