// exp(x - max) / sum of the same, over the channels of each pixel.
#pragma once
#include "runtime/math.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// The largest of `channels` floats. No order of comparing changes it (but for the sign of a zero, which exp does not
/// see).
inline float largest(const float* in, int channels) {
  float top = in[0];
  int c = 0;
  if (channels >= lanes) {
    V tops = load(in);
    for (c = lanes; c + lanes <= channels; c += lanes) tops = max(load(in + c), tops);
    for (int i = 0; i < lanes; ++i) top = max(static_cast<float>(tops[i]), top);
  }
  for (; c < channels; ++c) top = max(in[c], top);
  return top;
}

/// out.channels channels of each of `pixels` neighbouring pixels. The sum runs in double, channel after channel.
inline void softmax(const float* in, int64_t in_pixel, const ConvOut& out, int pixels) {
  for (int p = 0; p < pixels; ++p) {
    const float* from = in + p * in_pixel;
    float* to = out.data + p * out.strides.pixel;
    const V top = splat(largest(from, out.channels));
    for (int c = 0; c < out.channels; c += lanes) store_upto(to + c, exp(load(from + c) - top), out.channels - c);
    double sum = 0;
    for (int c = 0; c < out.channels; ++c) sum += static_cast<double>(to[c]);
    const V divisor = splat(static_cast<float>(sum));
    for (int c = 0; c < out.channels; c += lanes) {
      store_upto(to + c, load_upto(to + c, out.channels - c) / divisor, out.channels - c);
    }
  }
}

}  // namespace rt::inline RT_ABI
