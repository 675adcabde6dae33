// 2-D convolution with groups: out[y][x][o] = sum over (ky, kx, c) of in[y*s+ky*d][x*s+kx*d][c] * weight[o][ky][kx][c].
// A dense layer is one too, whose window is the whole map.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Conv2d {
  static constexpr std::string_view name = "conv";
  Window window;
  int64_t out_channels = 0;
  int64_t groups = 1;
  ConstantId weight{};                 ///< [out_channels][kernel height][kernel width][in channels / groups]
  ConstantId bias = ConstantId::none;  ///< [out_channels], added to the sum first
  bool dense = false;                  ///< written as `dense`
};

Shape output_shape(const Conv2d& op, const Shapes& inputs);
std::string details(const Conv2d& op);
std::vector<ConstantUse> constant_uses(Conv2d& op, const Shapes& inputs);
/// One multiply-add for each weight that a window meets, padding included, as people count them.
Size multiply_adds(const Conv2d& op, const Shape& in, const Shape& out);

}  // namespace deeper
