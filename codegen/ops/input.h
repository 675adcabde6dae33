// The network's input tensor, already preprocessed.
#pragma once
#include <string_view>

namespace deeper {

struct Input {
  static constexpr std::string_view name = "input";
};

}  // namespace deeper
