// inputs[0] + factor * inputs[1], same shape (a residual's join; branches joined by add are a chain of these).
#pragma once
#include <string_view>

namespace deeper {

struct Add {
  static constexpr std::string_view name = "add";
  double factor = 1;
};

}  // namespace deeper
