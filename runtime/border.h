// The zeroed pixels around a buffer: padding belongs to the buffer, kernels have no bounds checks.
#pragma once
#include <string.h>

#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// Zeroes `pixels` neighbouring pixels of `channels` floats each.
inline void zero_pixels(float* at, int64_t pixels, int64_t channels, int64_t pixel) {
  if (channels == pixel) {
    memset(at, 0, static_cast<size_t>(pixels * pixel) * sizeof(float));
    return;
  }
  for (int64_t p = 0; p < pixels; ++p) memset(at + p * pixel, 0, static_cast<size_t>(channels) * sizeof(float));
}

/// Zeroes the border of a height x width map, `top`, `left`, `bottom`, `right` pixels wide. `origin`: pixel (0, 0),
/// channel 0; `channels_padded` floats of every border pixel are written.
inline void zero_border(float* origin, int height, int width, int64_t channels_padded, Strides strides, int top,
                        int left, int bottom, int right) {
  const int64_t whole = left + width + right;
  for (int y = -top; y < height + bottom; ++y) {
    float* row = origin + y * strides.row;
    if (y < 0 || y >= height) {
      zero_pixels(row - left * strides.pixel, whole, channels_padded, strides.pixel);
    } else {
      zero_pixels(row - left * strides.pixel, left, channels_padded, strides.pixel);
      zero_pixels(row + width * strides.pixel, right, channels_padded, strides.pixel);
    }
  }
}

}  // namespace rt::inline RT_ABI
