// Depthwise convolution: one window per channel, vectors over channels, P neighbouring pixels of one row at a time.
// Each output is one sequential sum over (window row, window column), from the bias on.
#pragma once
#include "runtime/conv.h"

namespace rt::inline RT_ABI {

/// Three taps side by side at stride 1 read P + 2 vectors a row instead of 3 P.
template <int P>
RT_INLINE void depthwise_row_of_three(const float* in, int64_t pixel, const float* weights, int64_t tap, V (&sum)[P]) {
  V a[P + 2];
#pragma GCC unroll 32
  for (int x = 0; x < P + 2; ++x) a[x] = load(in + x * pixel);
#pragma GCC unroll 4
  for (int kx = 0; kx < 3; ++kx) {
    const V w = load(weights + kx * tap);
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) sum[p] = fma(a[p + kx], w, sum[p]);
  }
}

template <int P>
RT_INLINE void depthwise_row(const float* in, int64_t in_pixel, const ConvWindow& window, const float* weights,
                             int64_t tap, V (&sum)[P]) {
  for (int kx = 0; kx < window.columns; ++kx) {
    const V w = load(weights + kx * tap);
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) sum[p] = fma(load(in + p * in_pixel + kx * window.column), w, sum[p]);
  }
}

/// All channels of P pixels. `weights`: [bias][rows][columns], each window.channels floats rounded up to whole vectors.
template <int P, class Epilogue>
[[gnu::noinline]] void depthwise_tile(const ConvWindow& window, const float* in, int64_t in_pixel, const float* weights,
                                      const ConvOut& out, const Epilogue& epilogue) {
  const int64_t tap = (window.channels + lanes - 1) / lanes * lanes;
  const bool row_of_three = window.columns == 3 && in_pixel == window.column;
  for (int c = 0; c < window.channels; c += lanes) {
    V sum[P];
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) sum[p] = load(weights + c);
    for (int ky = 0; ky < window.rows; ++ky) {
      const float* a = in + ky * window.row + c;
      const float* w = weights + (1 + ky * window.columns) * tap + c;
      if (row_of_three) {
        depthwise_row_of_three<P>(a, in_pixel, w, tap, sum);
      } else {
        depthwise_row<P>(a, in_pixel, window, w, tap, sum);
      }
    }
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) {
      store_upto(out.data + p * out.strides.pixel + c, epilogue(sum[p], 0, p, c), out.channels - c);
    }
  }
}

}  // namespace rt::inline RT_ABI
