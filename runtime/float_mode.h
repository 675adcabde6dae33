// Rounding to nearest, subnormals kept, no traps: what "the same bits everywhere" stands on, whatever the host program
// has set for its own computations.
#pragma once
#include <stdint.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// Sets the mode on this thread for as long as it lives, then puts back what was there. Costs one register read where
/// nothing is to be changed.
class FloatMode {
 public:
  FloatMode() : before_(read()), changed_((before_ & mode_bits) != ordinary) {
    if (changed_) write((before_ & ~mode_bits) | ordinary);
  }
  ~FloatMode() {
    if (changed_) write(before_);
  }
  FloatMode(const FloatMode&) = delete;
  FloatMode& operator=(const FloatMode&) = delete;

 private:
// The memory clobbers keep the computation between the two.
#if defined(__x86_64__)
  using Bits = uint32_t;
  static constexpr Bits mode_bits = 0xffc0, ordinary = 0x1f80;  // MXCSR: all but the sticky flags; exceptions masked
  static Bits read() {
    Bits bits;
    __asm__ volatile("stmxcsr %0" : "=m"(bits) : : "memory");
    return bits;
  }
  static void write(Bits bits) { __asm__ volatile("ldmxcsr %0" : : "m"(bits) : "memory"); }
#elif defined(__aarch64__)
  using Bits = uint64_t;
  static constexpr Bits mode_bits = ~Bits{0}, ordinary = 0;  // FPCR
  static Bits read() {
    Bits bits;
    __asm__ volatile("mrs %0, fpcr" : "=r"(bits) : : "memory");
    return bits;
  }
  static void write(Bits bits) { __asm__ volatile("msr fpcr, %0" : : "r"(bits) : "memory"); }
#elif defined(__riscv_flen)
  using Bits = uint64_t;
  static constexpr Bits mode_bits = 7, ordinary = 0;  // frm
  static Bits read() {
    Bits bits;
    __asm__ volatile("frrm %0" : "=r"(bits) : : "memory");
    return bits;
  }
  static void write(Bits bits) { __asm__ volatile("fsrm %0" : : "r"(bits) : "memory"); }
#else  // WebAssembly and the like have one mode
  using Bits = uint32_t;
  static constexpr Bits mode_bits = 0, ordinary = 0;
  static Bits read() { return 0; }
  static void write(Bits) {}
#endif

  Bits before_;
  bool changed_;
};

}  // namespace rt::inline RT_ABI
