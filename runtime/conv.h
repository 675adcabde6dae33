// The register tile: R rows x P pixels x N vectors of output channels of a convolution or dense layer, summed in
// registers. Vectors run over output channels, the input is broadcast, weights stream by in the order they lie in
// memory. Each output is one sequential sum of fused multiply-adds over (window row, window column, input channel): no
// tile size changes a bit.
#pragma once
#include "runtime/epilogue.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// The taps one output sums over, `channels` floats each; `row` and `column` are the distances of vertically and
/// horizontally neighbouring taps, dilation included.
struct ConvWindow {
  int rows, columns, channels;
  int64_t row, column;
};

/// 16 KiB ahead is right from layer to layer, since the blob holds all weights in the order of their use: none 10.9 ms
/// for GoogLeNet's convolutions, 4 KiB 10.3, 16 KiB 10.1, 64 KiB 10.1 (Zen 5, AVX-512). Prefetching past the end is
/// harmless.
inline constexpr int prefetch_floats = 4096;
inline constexpr int cache_line_floats = 16;

/// Sums that cannot be stored at once as whole vectors, or whose epilogue is long, come here through the stack.
template <class Epilogue>
[[gnu::noinline]] void finish_tile(const float* sums, int rows, int pixels, int vectors, const ConvOut& out,
                                   const Epilogue& epilogue) {
  for (int r = 0; r < rows; ++r) {
    for (int p = 0; p < pixels; ++p) {
      float* to = out.data + r * out.strides.row + p * out.strides.pixel;
      for (int c = 0; c < vectors * lanes; c += lanes, sums += lanes) {
        if (c < out.channels) store_upto(to + c, epilogue(load(sums), r, p, c), out.channels - c);
      }
    }
  }
}

/// The tile's K loop. `weights`: [rows][columns][channels][N * lanes]. Kept rolled: unrolled by two, a 14x2 tile spills
/// and falls from 94 to 27 % of the peak.
template <int R, int P, int N>
RT_INLINE void accumulate(const ConvWindow& window, const float* in, Strides in_strides, const float* weights,
                          V (&sum)[R][P][N]) {
  for (int ky = 0; ky < window.rows; ++ky) {
    for (int kx = 0; kx < window.columns; ++kx) {
      const float* a = in + ky * window.row + kx * window.column;
#pragma GCC unroll 1
      for (int c = 0; c < window.channels; ++c, ++a, weights += N * lanes) {
        V w[N];
#pragma GCC unroll 8
        for (int n = 0; n < N; ++n) w[n] = load(weights + n * lanes);
#pragma GCC unroll 8
        for (int n = 0; n < N * lanes; n += cache_line_floats) __builtin_prefetch(weights + prefetch_floats + n);
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
#pragma GCC unroll 32
          for (int p = 0; p < P; ++p) {
            const V s = splat(a[r * in_strides.row + p * in_strides.pixel]);
#pragma GCC unroll 8
            for (int n = 0; n < N; ++n) sum[r][p][n] = fma(s, w[n], sum[r][p][n]);
          }
        }
      }
    }
  }
}

/// R rows x P pixels x N vectors of outputs, in at their first tap. `weights` is one block:
/// [N * lanes bias][rows][columns][channels][N * lanes]. R * P * N + N + 1 vectors must fit the registers.
template <int R, int P, int N, class Epilogue>
[[gnu::noinline]] void conv_tile(const ConvWindow& window, const float* in, Strides in_strides, const float* weights,
                                 const ConvOut& out_place, const Epilogue& epilogue_given) {
  const ConvOut out = out_place;  // copies: a store through `out.data` could change what a reference sees
  const Epilogue epilogue = epilogue_given;
  V sum[R][P][N];
#pragma GCC unroll 64
  for (int i = 0; i < R * P * N; ++i) sum[i / (P * N)][i / N % P][i % N] = load(weights + i % N * lanes);
  accumulate<R, P, N>(window, in, in_strides, weights + N * lanes, sum);
  if (!Epilogue::heavy && out.channels >= N * lanes) {
#pragma GCC unroll 64
    for (int i = 0; i < R * P * N; ++i) {
      const int r = i / (P * N), p = i / N % P, n = i % N;
      if constexpr (!Epilogue::heavy) {
        store(out.data + r * out.strides.row + p * out.strides.pixel + n * lanes,
              epilogue(sum[r][p][n], r, p, n * lanes));
      }
    }
    return;
  }
  float sums[R * P * N * lanes];
#pragma GCC unroll 64
  for (int i = 0; i < R * P * N; ++i) store(sums + i * lanes, sum[i / (P * N)][i / N % P][i % N]);
  finish_tile(sums, R, P, N, out, epilogue);
}

/// A dense layer's N vectors of outputs; up to eight, to hide the latency of the multiply-adds.
template <int N, class Epilogue>
RT_INLINE void dense_tile(const ConvWindow& window, const float* in, const float* weights, const ConvOut& out,
                          const Epilogue& epilogue) {
  conv_tile<1, 1, N>(window, in, Strides{0, 0}, weights, out, epilogue);
}

}  // namespace rt::inline RT_ABI
