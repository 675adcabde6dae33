// Max and average pools, vectors over channels. First each column of the window (top to bottom), then the columns (left
// to right): neighbouring outputs share columns. That order holds for every window and run, so no split changes a bit.
// A NaN anywhere in a window makes its output NaN.
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

/// Joins nothing that could hide a NaN.
struct NoProbe {
  RT_INLINE void see(int, V, V) {}
  RT_INLINE bool saw_nan() const { return false; }
};
/// One multiply-add for two values: a sum that holds a NaN is NaN. So may one be whose products overflow, which only
/// costs a second look. Starts at 1, since subnormal sums are slow.
struct NanProbe {
  V sums[2] = {splat(1.0f), splat(1.0f)};
  RT_INLINE void see(int number, V a, V b) { sums[number & 1] = fma(a, b, sums[number & 1]); }
  RT_INLINE bool saw_nan() const { return any_nan(sums[0] + sums[1]); }
};

/// The largest, NaN where a value is NaN.
struct MaxOrNan {
  using Probe = NoProbe;
  using Exact = MaxOrNan;
  RT_INLINE static V join(V a, V b) { return b == b ? max(b, a) : b; }
};
/// The same where no value is NaN, in one instruction of x86: one that the probe sees is looked at again.
struct MaxOf {
  using Probe = NanProbe;
  using Exact = MaxOrNan;
  RT_INLINE static V join(V a, V b) { return max(b, a); }
};
struct SumOf {
  using Probe = NoProbe;
  using Exact = SumOf;
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

/// One vector of channels of one output.
template <class Join>
RT_INLINE V pool_value(const PoolWindow& window, const float* in, typename Join::Probe& probe) {
  V v{};
  for (int x = 0; x < window.columns; ++x) {
    const float* tap = in + x * window.column;
    V column = load(tap);
    if (window.rows == 1) probe.see(x, column, column);
    for (int y = 1; y < window.rows; ++y) {
      const V next = load(tap + y * window.row);
      probe.see(y, column, next);
      column = Join::join(column, next);
    }
    v = x == 0 ? column : Join::join(v, column);
  }
  return v;
}

/// One vector of channels of `pixels` outputs; where a probe saw a NaN.
template <class Exact, class Finish>
[[gnu::noinline, gnu::cold]] void pool_exactly(const PoolWindow& window, const float* in, int64_t in_pixel,
                                               const ConvOut& out, int first, int pixels, int c, const Finish& finish) {
  typename Exact::Probe none;
  for (int p = first; p < first + pixels; ++p) {
    const V v = pool_value<Exact>(window, in + p * in_pixel + c, none);
    store_upto(out.data + p * out.strides.pixel + c, finish(v, 0, p, c), out.channels - c);
  }
}

/// Row `y` of the window joins the columns.
template <class Join, int Width>
RT_INLINE void join_row(const PoolWindow& window, const float* in, int y, V (&column)[Width],
                        typename Join::Probe& probe) {
  V before{};
#pragma GCC unroll 32
  for (int x = 0; x < Width; ++x) {
    const V next = load(in + y * window.row + x * window.column);
    if (y == 1) {
      probe.see(x, column[x], next);
    } else if (x % 2 == 1 || x == Width - 1) {
      probe.see(x / 2, x % 2 == 1 ? before : next, next);
    }
    column[x] = Join::join(column[x], next);
    before = next;
  }
}

/// P outputs from pixel `first` on, whose windows of `Columns` columns begin `Step` columns apart.
template <class Join, int Columns, int Step, int P, class Finish>
RT_INLINE void pool_shared(const PoolWindow& window, const float* in, const ConvOut& out, int first,
                           const Finish& finish) {
  constexpr int width = (P - 1) * Step + Columns;
  const float* begin = in + first * Step * window.column;
  float* to = out.data + first * out.strides.pixel;
  for (int c = 0; c < out.channels; c += lanes) {
    V column[width];
    typename Join::Probe probe;
#pragma GCC unroll 32
    for (int x = 0; x < width; ++x) column[x] = load(begin + x * window.column + c);
    if (window.rows == 1) {
#pragma GCC unroll 32
      for (int x = 0; x < width; ++x) probe.see(x, column[x], column[x]);
    } else {
      join_row<Join>(window, begin + c, 1, column, probe);
      for (int y = 2; y < window.rows; ++y) join_row<Join>(window, begin + c, y, column, probe);
    }
    if (probe.saw_nan()) [[unlikely]] {
      pool_exactly<typename Join::Exact>(window, in, Step * window.column, out, first, P, c, finish);
      continue;
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
      typename Join::Probe probe;
      const V v = pool_value<Join>(window, in + p * in_pixel + c, probe);
      if (probe.saw_nan()) [[unlikely]] {
        pool_exactly<typename Join::Exact>(window, in, in_pixel, out, p, 1, c, finish);
      } else {
        store_upto(out.data + p * out.strides.pixel + c, finish(v, 0, p, c), out.channels - c);
      }
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
  } else if (window.columns == 2 && in_pixel == 2 * window.column) {
    pool_tiles<Join, 2, 2, 4>(window, in, out, 0, pixels, finish);
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
