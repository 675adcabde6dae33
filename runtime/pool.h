// Max and average pools, vectors over channels. First each column of the window (top to bottom), then the columns (left
// to right): neighbouring outputs share columns. That order holds for every window and run, so no split changes a bit.
#pragma once
#include "runtime/epilogue.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// The taps that exist for a run of pixels, and the distances of neighbouring taps.
struct PoolWindow {
  int rows, columns;
  int64_t row, column;
};

/// Output rows (or columns) [begin, end): the window of output i has `taps` existing input rows from i * stride + first
/// on, and the divisor counts `counted`. Emitted as constant tables.
struct PoolSpan {
  int begin, end, first, taps, counted;
};

struct MaxOf {
  RT_INLINE static V join(V a, V b) { return max(b, a); }
};
struct SumOf {
  RT_INLINE static V join(V a, V b) { return a + b; }
};

/// A pool's average: the sum by the number of taps that count, rounded as IEEE division does, then the epilogue.
template <class Epilogue>
struct DivideThen {
  static constexpr bool heavy = Epilogue::heavy;
  V divisor;
  const Epilogue& epilogue;
  RT_INLINE V operator()(V v, int row, int pixel, int channel) const {
    return epilogue(v / divisor, row, pixel, channel);
  }
};

/// P outputs from pixel `first` on, whose windows of `Columns` columns begin `Step` columns apart.
template <class Join, int Columns, int Step, int P, class Finish>
RT_INLINE void pool_shared(const PoolWindow& window, const float* in, const ConvOut& out, int first,
                           const Finish& finish) {
  constexpr int width = (P - 1) * Step + Columns;
  in += first * Step * window.column;
  float* to = out.data + first * out.strides.pixel;
  for (int c = 0; c < out.channels; c += lanes) {
    V column[width];
#pragma GCC unroll 32
    for (int x = 0; x < width; ++x) column[x] = load(in + x * window.column + c);
    for (int y = 1; y < window.rows; ++y) {
#pragma GCC unroll 32
      for (int x = 0; x < width; ++x)
        column[x] = Join::join(column[x], load(in + y * window.row + x * window.column + c));
    }
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) {
      V v = column[p * Step];
#pragma GCC unroll 8
      for (int x = 1; x < Columns; ++x) v = Join::join(v, column[p * Step + x]);
      store_upto(to + p * out.strides.pixel + c, finish(v, 0, first + p, c), out.channels - c);
    }
  }
}

/// Tiles of P pixels while they fit, then of P / 2, ...; returns nothing left to do.
template <class Join, int Columns, int Step, int P, class Finish>
RT_INLINE void pool_tiles(const PoolWindow& window, const float* in, const ConvOut& out, int first, int pixels,
                          const Finish& finish) {
  for (; first + P <= pixels; first += P) pool_shared<Join, Columns, Step, P>(window, in, out, first, finish);
  if constexpr (P > 1) pool_tiles<Join, Columns, Step, P / 2>(window, in, out, first, pixels, finish);
}

/// Any window, one output at a time.
template <class Join, class Finish>
RT_INLINE void pool_each(const PoolWindow& window, const float* in, int64_t in_pixel, const ConvOut& out, int pixels,
                         const Finish& finish) {
  for (int p = 0; p < pixels; ++p) {
    for (int c = 0; c < out.channels; c += lanes) {
      V v{};
      for (int x = 0; x < window.columns; ++x) {
        const float* tap = in + p * in_pixel + x * window.column + c;
        V column = load(tap);
        for (int y = 1; y < window.rows; ++y) column = Join::join(column, load(tap + y * window.row));
        v = x == 0 ? column : Join::join(v, column);
      }
      store_upto(out.data + p * out.strides.pixel + c, finish(v, 0, p, c), out.channels - c);
    }
  }
}

template <class Join, class Finish>
RT_INLINE void pool_run(const PoolWindow& window, const float* in, int64_t in_pixel, const ConvOut& out, int pixels,
                        const Finish& finish) {
  constexpr int strided_pixels = vector_registers >= 32 ? 8 : 4;  // 17 or 9 columns in registers
  if (window.columns == 3 && in_pixel == window.column) {
    pool_tiles<Join, 3, 1, 8>(window, in, out, 0, pixels, finish);
  } else if (window.columns == 3 && in_pixel == 2 * window.column) {
    pool_tiles<Join, 3, 2, strided_pixels>(window, in, out, 0, pixels, finish);
  } else {
    pool_each<Join>(window, in, in_pixel, out, pixels, finish);
  }
}

/// A run of `pixels` outputs of one row. `in`: the first existing tap of the first one; `in_pixel`: distance of
/// neighbouring outputs' windows. All out.channels channels.
template <class Epilogue>
[[gnu::noinline]] void max_pool(const PoolWindow& window, const float* in, int64_t in_pixel, const ConvOut& out,
                                int pixels, const Epilogue& epilogue) {
  pool_run<MaxOf>(window, in, in_pixel, out, pixels, epilogue);
}

/// As max_pool; the sum of the existing taps is divided by `divisor`.
template <class Epilogue>
[[gnu::noinline]] void average_pool(const PoolWindow& window, const float* in, int64_t in_pixel, const ConvOut& out,
                                    int pixels, float divisor, const Epilogue& epilogue) {
  pool_run<SumOf>(window, in, in_pixel, out, pixels, DivideThen<Epilogue>{splat(divisor), epilogue});
}

}  // namespace rt::inline RT_ABI
