// Shares of the multiply-add peak that the register tiles reach, and times of the other kernels at GoogLeNet's sizes.
// The peak is measured before every repetition: shares hold on a busy machine, milliseconds do not.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/conv.h"
#include "runtime/depthwise.h"
#include "runtime/lrn.h"
#include "runtime/peak.h"
#include "runtime/pool.h"
#include "runtime/softmax.h"

namespace {

constexpr int repetitions = 15;

struct Buffers {
  float *in, *out, *weights;
};

float* filled(size_t floats) {
  auto* data = static_cast<float*>(aligned_alloc(64, floats * sizeof(float)));
  for (size_t i = 0; i < floats; ++i) data[i] = static_cast<float>(i % 251) * 0.01f - 1;
  return data;
}

int compare(const void* a, const void* b) {
  const double x = *static_cast<const double*>(a), y = *static_cast<const double*>(b);
  return (x > y) - (x < y);
}

double median(double (&values)[repetitions]) {
  qsort(values, repetitions, sizeof(double), compare);
  return values[repetitions / 2];
}

/// Shortest time of one call, in nanoseconds, over about three milliseconds: neighbours only ever lengthen it.
template <class Once>
double shortest(Once once) {
  const int64_t begin = rt::nanoseconds_now();
  int64_t best = INT64_MAX, now = begin;
  int calls = 1;  // in a row, to make the clock's own time small
  while (now - begin < 3000000) {
    const int64_t from = rt::nanoseconds_now();
    for (int i = 0; i < calls; ++i) once();
    now = rt::nanoseconds_now();
    if (now - from < 20000 && calls < 1000) {
      calls *= 2;
      best = INT64_MAX;
    } else if (now - from < best) {
      best = now - from;
    }
  }
  return static_cast<double>(best) / calls;
}

/// `once` does `flops` floating-point operations, or none that count.
template <class Once>
void measure(const char* name, double flops, Once once) {
  double shares[repetitions], microseconds[repetitions];
  for (int r = 0; r < repetitions; ++r) {
    const double peak = rt::fma_peak_gflops(2);
    const double ns = shortest(once);
    shares[r] = flops / ns / peak;
    microseconds[r] = ns / 1000;
  }
  printf("%-34s %9.1f us", name, median(microseconds));
  if (flops > 0) printf("  %5.1f %% of peak", 100 * median(shares));
  printf("\n");
  fflush(stdout);
}

/// R x P pixels of `channels` inputs, `blocks` blocks of N vectors: as many as make the weights `weight_bytes` large.
template <int R, int P, int N>
void tile(const Buffers& b, int taps, int channels, int64_t weight_bytes, const char* where) {
  const int64_t block = int64_t{N} * rt::lanes * (taps * taps * channels + 1);
  const int blocks = static_cast<int>(weight_bytes / 4 / block) > 0 ? static_cast<int>(weight_bytes / 4 / block) : 1;
  constexpr int width = P + 8;
  const rt::ConvWindow window{taps, taps, channels, int64_t{width} * channels, channels};
  const rt::Strides in{int64_t{width} * channels, channels}, out{int64_t{P} * N * rt::lanes, N * rt::lanes};
  char name[64];
  snprintf(name, sizeof name, "%dx%d, %d channels, tile %dx%dx%d, %s", taps, taps, channels, R, P, N, where);
  measure(name, 2.0 * R * P * N * rt::lanes * taps * taps * channels * blocks, [&] {
    for (int i = 0; i < blocks; ++i) {
      rt::conv_tile<R, P, N>(window, b.in, in, b.weights + i * block, {b.out, out, N * rt::lanes}, rt::Relu{});
    }
  });
}

void tiles(const Buffers& b) {
  constexpr int64_t l1 = 16 << 10, l2 = 400 << 10, l3 = 8 << 20;
  constexpr int pixels = rt::vector_registers == 32 ? 14 : 6;
  tile<1, pixels, 2>(b, 1, 64, l1, "L1");
  tile<1, pixels, 2>(b, 1, 256, l2, "L2");
  tile<1, pixels, 2>(b, 1, 256, l3, "L3");
  tile<1, pixels, 2>(b, 3, 96, l2, "L2");
  tile<1, pixels - 1, 2>(b, 1, 256, l2, "L2");
  tile<2, pixels / 2, 2>(b, 3, 192, l2, "L2");
  tile<2, pixels / 2, 2>(b, 3, 192, l3, "L3");
  tile<1, pixels, 1>(b, 1, 256, l2, "L2");
  tile<1, pixels / 2, 2>(b, 1, 256, l2, "L2");
  tile<1, 1, 8>(b, 1, 1024, l3, "L3");
}

/// A whole pool of 3x3 windows without padding.
void pool(const Buffers& b, int size, int channels, int stride) {
  const int outputs = (size - 3) / stride + 1;
  const rt::PoolWindow window{3, 3, int64_t{size} * channels, channels};
  char name[64];
  snprintf(name, sizeof name, "max pool 3x3/%d, %dx%dx%d", stride, size, size, channels);
  measure(name, 0, [&] {
    for (int y = 0; y < outputs; ++y) {
      rt::max_pool(window, b.in + int64_t{y} * stride * size * channels, int64_t{stride} * channels,
                   {b.out + int64_t{y} * outputs * channels, {0, channels}, channels}, outputs, rt::None{});
    }
  });
}

void lrn(const Buffers& b, int size, int channels) {
  const rt::LrnParameters parameters{5, 2, 2e-5f, 0.75f, 1};
  char name[64];
  snprintf(name, sizeof name, "lrn of 5, %dx%dx%d", size, size, channels);
  measure(name, 0, [&] {
    rt::lrn(parameters, b.in, channels, {b.out, {0, channels}, channels}, size * size, rt::PowThreeQuarters{});
  });
}

}  // namespace

int main() {
  const Buffers b{filled(4 << 20), filled(4 << 20), filled(8 << 20)};
  printf("%d lanes, %.0f GFLOP/s\n", rt::lanes, rt::fma_peak_gflops(50));
  tiles(b);
  pool(b, 112, 64, 2);
  pool(b, 56, 192, 2);
  pool(b, 28, 256, 1);
  pool(b, 14, 512, 1);
  lrn(b, 56, 64);
  lrn(b, 56, 192);
  measure("softmax of 1000", 0, [&] { rt::softmax(b.in, 1000, {b.out, {0, 1000}, 1000}, 1); });
  const rt::ConvWindow window{3, 3, 728, 21 * 728, 728};
  measure("depthwise 3x3, 19x19x728", 2.0 * 9 * 728 * 18 * 19, [&] {
    for (int y = 0; y < 19; ++y) {
      for (int x = 0; x < 18; x += 6) {
        const rt::ConvOut out{b.out + (y * 19 + x) * 728, {0, 728}, 728};
        rt::depthwise_tile<6>(window, b.in + (y * 21 + x) * 728, 728, b.weights, out, rt::None{});
      }
    }
  });
  return 0;
}
