// Random windows for random networks.
#pragma once
#include <string>

#include "codegen/ops/common.h"
#include "tests/reference/random_source.h"

namespace deeper::reference {

/// A window as YAML ("kernel: [3, 1], stride: 2, pad: same_tf") and the map that it gives.
struct WindowText {
  std::string text;
  Size2 kernel;
  int64_t height = 0, width = 0;
};

struct WindowWish {
  bool keep = false;  ///< the output's map is the input's
  bool half = false;  ///< the output's map is ceil(in / 2), as its siblings'
  bool pool = false;  ///< no dilation, pads smaller than the window, `rounding` may be ceil, stride always written
};

WindowText random_window(RandomSource& random, const Shape& in, const WindowWish& wish);

}  // namespace deeper::reference
