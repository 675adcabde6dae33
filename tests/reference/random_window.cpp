#include "tests/reference/random_window.h"

#include <fmt/format.h>

namespace deeper::reference {
namespace {

std::string pair_text(const Size2& size) {
  return size.height == size.width ? std::to_string(size.height) : fmt::format("[{}, {}]", size.height, size.width);
}

Size2 random_kernel(RandomSource& random) {
  return random.pick<Size2>(
      {{1, 1}, {1, 1}, {3, 3}, {3, 3}, {3, 3}, {5, 5}, {1, 3}, {3, 1}, {2, 2}, {2, 3}, {1, 5}, {4, 4}, {7, 1}});
}

/// Numbers, in one of their four spellings.
std::string pad_numbers(RandomSource& random, Window& window, int64_t most_height, int64_t most_width) {
  const int spelling = static_cast<int>(random.between(0, 2));
  window.pad_top = random.between(0, most_height), window.pad_left = random.between(0, most_width);
  if (spelling == 0) window.pad_left = window.pad_top = std::min(window.pad_top, most_width);
  window.pad_bottom = window.pad_top, window.pad_right = window.pad_left;
  if (spelling == 0) return std::to_string(window.pad_top);
  if (spelling == 1) return fmt::format("[{}, {}]", window.pad_top, window.pad_left);
  window.pad_bottom = random.between(0, most_height), window.pad_right = random.between(0, most_width);
  return fmt::format("[{}, {}, {}, {}]", window.pad_top, window.pad_left, window.pad_bottom, window.pad_right);
}

/// Where map and pads follow from the rule: ceil(in / stride).
std::string rule_pad(RandomSource& random, const Window& window) {
  const bool odd = window.kernel.height % 2 == 1 && window.kernel.width % 2 == 1;
  return odd && window.stride == Size2{} && random.chance(60) ? "same" : "same_tf";
}

WindowText with_text(const Window& window, const std::string& pad, const WindowWish& wish, bool ceil, Size2 map) {
  WindowText out{fmt::format("kernel: {}", pair_text(window.kernel)), window.kernel, map.height, map.width};
  if (window.stride != Size2{} || wish.pool) out.text += fmt::format(", stride: {}", pair_text(window.stride));
  if (!pad.empty()) out.text += ", pad: " + pad;
  if (window.dilation != Size2{}) out.text += fmt::format(", dilation: {}", pair_text(window.dilation));
  if (ceil) out.text += ", rounding: ceil";
  return out;
}

}  // namespace

WindowText random_window(RandomSource& random, const Shape& in, const WindowWish& wish) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    Window window{random_kernel(random), {}, {}};
    if (!wish.pool && random.chance(15)) window.dilation = random.pick<Size2>({{2, 2}, {1, 2}, {3, 1}});
    if (wish.half) window.stride = {2, 2};
    if (!wish.keep && !wish.half && random.chance(40))
      window.stride = random.pick<Size2>({{2, 2}, {1, 2}, {2, 1}, {3, 3}});
    if (wish.keep || wish.half || random.chance(40)) {
      const Size2 map{(in.height + window.stride.height - 1) / window.stride.height,
                      (in.width + window.stride.width - 1) / window.stride.width};
      // a rule's pads never reach a window's own size, unless the stride is larger than the window
      return with_text(window, rule_pad(random, window), wish, false, map);
    }
    const bool ceil = wish.pool && random.chance(40);
    std::string pad;
    if (random.chance(60)) pad = pad_numbers(random, window, window.kernel.height - 1, window.kernel.width - 1);
    const Shape out = window_output(window, in, ceil ? Rounding::ceil : Rounding::floor);
    if (out.height > 0) return with_text(window, pad, wish, ceil, {out.height, out.width});
  }
  return with_text(Window{{}, {}, {}}, "", wish, false, {in.height, in.width});
}

}  // namespace deeper::reference
