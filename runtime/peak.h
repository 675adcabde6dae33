// How fast this core can multiply and add at best, at this moment: what shares of the peak are measured against.
#pragma once
#include <stdint.h>
#include <time.h>

#include "runtime/simd.h"

namespace rt::inline RT_ABI {

inline int64_t nanoseconds_now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

/// `rounds` times twelve independent multiply-adds: enough to hide the latency of two units, and they fit 16 registers.
[[gnu::noinline]] inline V independent_multiply_adds(V factor, V term, int rounds) {
  constexpr int chains = 12;
  V sum[chains];
  for (int i = 0; i < chains; ++i) sum[i] = term + static_cast<float>(i);
#pragma GCC unroll 1
  for (int r = 0; r < rounds; ++r) {
#pragma GCC unroll 12
    for (int i = 0; i < chains; ++i) sum[i] = fma(sum[i], factor, term);
  }
  for (int i = 1; i < chains; ++i) sum[0] = sum[0] + sum[i];
  return sum[0];
}

/// Billions of floating-point operations a second (a multiply-add counts two) of one core in about `milliseconds`.
inline double fma_peak_gflops(int milliseconds) {
  constexpr int rounds = 20000;
  const int64_t begin = nanoseconds_now();
  int64_t best = INT64_MAX, end = begin;
  V value = splat(1.0f);
  do {
    const int64_t from = end;
    value = independent_multiply_adds(splat(0.5f), value, rounds);
    end = nanoseconds_now();
    best = end - from < best ? end - from : best;
  } while (end - begin < int64_t{milliseconds} * 1000000);
  volatile float keep = value[0];  // the sums are needed: nothing may be left out
  (void)keep;
  return 12.0 * rounds * lanes * 2 / static_cast<double>(best);
}

}  // namespace rt::inline RT_ABI
