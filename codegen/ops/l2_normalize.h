// x / max(sqrt(sum of squares over channels), eps), for each pixel.
#pragma once
#include <string_view>

namespace deeper {

struct L2Normalize {
  static constexpr std::string_view name = "l2_normalize";
  double eps = 1e-12;
};

}  // namespace deeper
