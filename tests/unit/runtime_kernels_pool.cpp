// Pools: interior and edge runs, all strides, with an epilogue.
#include "runtime/pool.h"
#include "tests/unit/runtime_kernels.h"

namespace kernel_test {
namespace {

struct PoolShape {
  const char* name;
  int rows, columns, stride, channels, pixels;
};

template <class Join>
float reduce(Map& in, const PoolShape& s, int x, int c, Join join) {
  float v = 0;
  for (int kx = 0; kx < s.columns; ++kx) {
    float column = in.at(0, x * s.stride + kx)[c];
    for (int ky = 1; ky < s.rows; ++ky) column = join(column, in.at(ky, x * s.stride + kx)[c]);
    v = kx == 0 ? column : join(v, column);
  }
  return v;
}

float larger(float a, float b) { return a != a ? a : b != b || b > a ? b : a; }
float sum_of(float a, float b) { return a + b; }

void max_case(Report& report, const PoolShape& s, Map& in, const char* kind) {
  Map got(1, s.pixels, s.channels), want(1, s.pixels, s.channels);
  const rt::PoolWindow window{s.rows, s.columns, in.strides.row, in.strides.pixel};
  rt::max_pool(window, in.at(0, 0), s.stride * in.strides.pixel, got.out(0, 0, s.channels), s.pixels, rt::None{});
  for (int x = 0; x < s.pixels; ++x) {
    for (int c = 0; c < s.channels; ++c) want.at(0, x)[c] = reduce(in, s, x, c, larger);
  }
  char name[80];
  snprintf(name, sizeof name, "max pool %s%s", s.name, kind);
  report.same(name, got, want);
}

void average_case(Report& report, const PoolShape& s, Map& in, const char* kind) {
  Map got(1, s.pixels, s.channels), want(1, s.pixels, s.channels);
  Floats bias(s.channels + 64);
  bias.fill(11);
  const rt::PoolWindow window{s.rows, s.columns, in.strides.row, in.strides.pixel};
  const float divisor = static_cast<float>(s.rows * s.columns) + 2;
  rt::average_pool(window, in.at(0, 0), s.stride * in.strides.pixel, got.out(0, 0, s.channels), s.pixels, divisor,
                   rt::chain(rt::Bias{bias.data}, rt::Relu{}));
  for (int x = 0; x < s.pixels; ++x) {
    for (int c = 0; c < s.channels; ++c) {
      const float v = reduce(in, s, x, c, sum_of) / divisor + bias.data[c];
      want.at(0, x)[c] = v <= 0 ? 0 : v;
    }
  }
  char name[80];
  snprintf(name, sizeof name, "average pool %s%s", s.name, kind);
  report.same(name, got, want);
}

void pool_case(Report& report, const PoolShape& s) {
  Map in(s.rows, (s.pixels - 1) * s.stride + s.columns, s.channels);
  in.memory.fill(10);
  max_case(report, s, in, "");
  average_case(report, s, in, "");
  in.memory.sprinkle(110, 40);
  max_case(report, s, in, ", NaN");
  average_case(report, s, in, ", NaN");
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] = in.memory.data[i] > 0 ? 0.0f : -0.0f;
  max_case(report, s, in, ", zeros of both signs");
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] = 3e30f * static_cast<float>(i % 3 - 1);
  max_case(report, s, in, ", whose products overflow");
}

/// One NaN at every place of a window in turn: no order of joining hides it.
void each_tap(Report& report, int columns, int stride) {
  constexpr int rows = 3, channels = 40, pixels = 11;
  bool holds = true;
  for (int tap = 0; tap < rows * columns; ++tap) {
    Map in(rows, (pixels - 1) * stride + columns, channels), out(1, pixels, channels);
    in.memory.fill(16);
    in.at(tap / columns, 4 * stride + tap % columns)[37] = __builtin_nanf("");
    rt::max_pool({rows, columns, in.strides.row, in.strides.pixel}, in.at(0, 0), stride * in.strides.pixel,
                 out.out(0, 0, channels), pixels, rt::None{});
    for (int p = 0; p < pixels; ++p) {
      const int column = 4 * stride + tap % columns - p * stride;
      for (int c = 0; c < channels; ++c) {
        const float v = out.at(0, p)[c];
        holds = holds && (v != v) == (c == 37 && column >= 0 && column < columns);
      }
    }
  }
  char name[80];
  snprintf(name, sizeof name, "max pool of %d columns by %d sees a NaN at every tap", columns, stride);
  report.check(name, holds);
}

}  // namespace

void test_pools(Report& report) {
  const PoolShape shapes[] = {{"3x3/1", 3, 3, 1, 48, 26},
                              {"3x3/2", 3, 3, 2, 33, 15},
                              {"3x3/1, one pixel", 3, 3, 1, 5, 1},
                              {"3x3/2, top row missing", 2, 3, 2, 20, 7},
                              {"3x3/1, left column missing", 3, 2, 1, 20, 1},
                              {"3x3/3", 3, 3, 3, 17, 4},
                              {"2x2/2", 2, 2, 2, 64, 9},
                              {"2x2/2, last row missing", 1, 2, 2, 20, 7},
                              {"2x2/1", 2, 2, 1, 20, 7},
                              {"5x5/3", 5, 5, 3, 12, 4},
                              {"7x7 global", 7, 7, 7, 1024, 1},
                              {"1x1 corner", 1, 1, 1, 16, 1},
                              {"3x1", 3, 1, 2, 18, 6},
                              {"1x3/1", 1, 3, 1, 18, 6}};
  for (const PoolShape& shape : shapes) pool_case(report, shape);
  for (int columns = 1; columns <= 5; ++columns) {
    for (int stride = 1; stride <= 3; ++stride) each_tap(report, columns, stride);
  }
}

}  // namespace kernel_test
