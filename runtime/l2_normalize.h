// x / max(sqrt(sum of squares over channels), eps), for each pixel; one NaN makes all of its pixel NaN.
#pragma once
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// out.channels channels of each of `pixels` neighbouring pixels. The sum of squares runs in double, channel after
/// channel.
inline void l2_normalize(const float* in, int64_t in_pixel, const ConvOut& out, int pixels, float eps) {
  for (int p = 0; p < pixels; ++p) {
    const float* from = in + p * in_pixel;
    double sum = 0;
    for (int c = 0; c < out.channels; ++c) sum = fma(static_cast<double>(from[c]), static_cast<double>(from[c]), sum);
    const V divisor = splat(max(eps, static_cast<float>(__builtin_sqrt(sum))));
    for (int c = 0; c < out.channels; c += lanes) {
      store_upto(out.data + p * out.strides.pixel + c, load(from + c) / divisor, out.channels - c);
    }
  }
}

}  // namespace rt::inline RT_ABI
