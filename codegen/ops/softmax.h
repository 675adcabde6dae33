// exp(x - max) / sum of the same, over the channels of each pixel.
#pragma once
#include <string_view>

namespace deeper {

struct Softmax {
  static constexpr std::string_view name = "softmax";
};

}  // namespace deeper
