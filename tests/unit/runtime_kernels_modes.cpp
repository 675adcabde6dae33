// rt::FloatMode on every instruction set: a kernel gives the same bits in all of the host's rounding modes.
#include <fenv.h>
#include <math.h>

#include "runtime/elementwise.h"
#include "runtime/float_mode.h"
#include "runtime/lrn.h"
#include "tests/unit/runtime_kernels.h"

namespace kernel_test {
namespace {

constexpr int mode_pixels = 2, mode_channels = 33;

/// Sums, products, divisions, roots and an exponential.
void compute(Map& in, Map& out) {
  const rt::FloatMode mode;
  rt::lrn({5, 2, 0.3f, 0.75f, 1}, in.at(0, 0), in.strides.pixel, out.out(0, 0, mode_channels), mode_pixels,
          rt::PowThreeQuarters{});
  rt::elementwise(out.at(0, 0), out.strides.pixel, out.out(0, 0, mode_channels), mode_pixels, rt::Silu{});
}

#if defined(__x86_64__) || defined(__aarch64__)
/// Sets or clears flush-to-zero; the register's name is all that differs.
void flush_subnormals(bool on) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(on ? 0x9fc0 : 0x1f80);
#else
  const uint64_t bits = on ? uint64_t{1} << 24 : 0;
  __asm__ volatile("msr fpcr, %0" : : "r"(bits) : "memory");
#endif
}

/// In memory and back: computed where it is called, not where the compiler would like to.
[[gnu::noinline]] float half_of_smallest() {
  volatile float value = 0x1p-126f;
  value = value * 0.5f;
  return value;
}

void flushing(Report& report) {
  flush_subnormals(true);
  const float flushed = half_of_smallest();
  float kept;
  {
    const rt::FloatMode mode;
    kept = half_of_smallest();
  }
  const float flushed_again = half_of_smallest();
  flush_subnormals(false);
  report.check("subnormals are kept inside, flushed outside", flushed == 0 && kept == 0x1p-127f && flushed_again == 0);
}
#else
void flushing(Report&) {}
#endif

}  // namespace

void test_float_modes(Report& report) {
  Map in(1, mode_pixels, mode_channels), want(1, mode_pixels, mode_channels);
  in.memory.fill(17);
  compute(in, want);
  const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
  for (const int mode : modes) {
    Map out(1, mode_pixels, mode_channels);
    report.check("the mode can be set", fesetround(mode) == 0);
    compute(in, out);
    const int after = fegetround();
    fesetround(FE_TONEAREST);
    report.same("rounding modes", out, want);
    report.check("the mode is as it was", after == mode);
  }
  flushing(report);
}

}  // namespace kernel_test
