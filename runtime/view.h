// Where pixels lie in the arena.
#pragma once
#include "runtime/network.h"

namespace rt::inline RT_ABI {

/// Floats from the arena's begin to pixel (y, x), channel 0. Negative coordinates are in the border.
constexpr int64_t at(const View& view, int64_t y, int64_t x) { return view.offset + y * view.row + x * view.pixel; }

/// True when the pixels lie without gaps: [height][width][channels].
constexpr bool is_dense(const View& view) {
  return (view.width == 1 || view.pixel == view.channels) &&
         (view.height == 1 || view.row == int64_t{view.width} * view.channels);
}

constexpr int64_t element_count(const View& view) { return int64_t{view.height} * view.width * view.channels; }

}  // namespace rt::inline RT_ABI
