// Channels of all inputs side by side, in order.
#pragma once
#include <string_view>

namespace deeper {

struct Concat {
  static constexpr std::string_view name = "concat";
  bool elided = false;  ///< every input writes its channel range of the joint buffer itself
};

}  // namespace deeper
