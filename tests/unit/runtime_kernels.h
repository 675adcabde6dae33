// A small frame for the kernels' tests, which must run where no C++ library is: every kernel is compared bit for bit
// with a plain loop over single floats (its twin), and each case prints a hash, which must be the same for every
// instruction set.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/simd.h"

namespace kernel_test {

/// The same numbers everywhere.
struct Random {
  uint64_t state;
  uint32_t bits() {
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return static_cast<uint32_t>(z >> 32);
  }
  /// In [-1, 1), 24 bits.
  float number() { return static_cast<float>(static_cast<int32_t>(bits()) >> 8) * 0x1p-23f; }
};

/// Owned floats, 64 spare ones behind as in an arena.
struct Floats {
  static constexpr float untouched = -12345.5f;
  int64_t count;
  float* data;
  explicit Floats(int64_t floats)
      : count(floats), data(static_cast<float*>(calloc(static_cast<size_t>(floats + 64), 4))) {
    if (floats < 0 || !data) abort();
    for (int64_t i = 0; i < count + 64; ++i) data[i] = untouched;
  }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  ~Floats() { free(data); }
  void fill(uint64_t seed) {
    Random random{seed};
    for (int64_t i = 0; i < count; ++i) data[i] = random.number();
  }
  /// About one float in `every` becomes what is no ordinary number: NaN of both signs, infinities, -0.
  void sprinkle(uint64_t seed, uint32_t every) {
    const float specials[] = {__builtin_nanf(""), -__builtin_nanf(""), __builtin_nanf(""),
                              __builtin_inff(),   -__builtin_inff(),   -0.0f};
    Random random{seed};
    for (int64_t i = 0; i < count; ++i) {
      if (random.bits() % every == 0) data[i] = specials[random.bits() % 6];
    }
  }
};

/// Height x width x channels with a border and gaps between pixels and rows, the same for every vector width.
struct Map {
  int height, width, channels, border;
  rt::Strides strides;
  Floats memory;
  Map(int h, int w, int c, int around = 0, int gap = 5)
      : height(h),
        width(w),
        channels(c),
        border(around),
        strides{(w + 2 * around) * int64_t{c + gap} + 3, c + gap},
        memory((h + 2 * around) * strides.row) {}
  float* at(int y, int x) { return memory.data + (y + border) * strides.row + (x + border) * strides.pixel; }
  rt::ConvOut out(int y, int x, int valid) { return {at(y, x), strides, valid}; }
};

class Report {
 public:
  /// Fails the program when a bit differs, and prints the hash of `got`. All NaNs count as the same: which of two
  /// operands' bits a sum of NaNs has differs between CPUs.
  void same(const char* name, const float* got, const float* want, int64_t floats) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (int64_t i = 0; i < floats; ++i) {
      uint32_t a, b;
      memcpy(&a, got + i, 4);
      memcpy(&b, want + i, 4);
      if (got[i] != got[i]) a = 0x7fc00000;
      if (want[i] != want[i]) b = 0x7fc00000;
      hash = (hash ^ a) * 0x100000001b3u;
      if (a == b) continue;
      fprintf(stderr, "%s: float %lld is %.9g, its twin %.9g\n", name, static_cast<long long>(i),
              static_cast<double>(got[i]), static_cast<double>(want[i]));
      failed_ = true;
      break;
    }
    printf("%s %016llx\n", name, static_cast<unsigned long long>(hash));
  }
  void same(const char* name, const Map& got, const Map& want) {
    same(name, got.memory.data, want.memory.data, got.memory.count + 64);
  }
  void check(const char* name, bool holds) {
    if (!holds) fprintf(stderr, "%s: does not hold\n", name);
    failed_ = failed_ || !holds;
  }
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

void test_conv(Report& report);
void test_depthwise(Report& report);
void test_epilogues(Report& report);
void test_pools(Report& report);
void test_channel_kernels(Report& report);
void test_memory_kernels(Report& report);
void test_math(Report& report);
void test_float_modes(Report& report);

}  // namespace kernel_test
