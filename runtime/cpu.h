// Asks the CPU at run time whether it has what a target needs: a program for a bigger CPU must say so, not die of an
// illegal instruction. Integer code only, and no help from a compiler's library.
#pragma once
#include <string.h>

#include "runtime/abi.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__riscv)
#include <sys/auxv.h>
#endif

namespace rt::inline RT_ABI {

#if defined(__x86_64__)
/// One leaf of cpuid; zeros when the CPU has no such leaf.
struct CpuLeaf {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  explicit CpuLeaf(unsigned leaf) { __get_cpuid_count(leaf, 0, &eax, &ebx, &ecx, &edx); }
};

/// Register sets that the operating system saves: bits of XCR0.
inline unsigned saved_registers(const CpuLeaf& basic) {
  constexpr unsigned osxsave = 1u << 27;
  if (!(basic.ecx & osxsave)) return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

inline bool has_all(unsigned word, unsigned bits) { return (word & bits) == bits; }

/// The level of the x86-64 psABI that CPU and operating system support, 1 to 4.
inline int x86_64_level() {
  const CpuLeaf basic(1), extended(7), amd(0x80000001u);
  const unsigned saved = saved_registers(basic);
  // SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT; LAHF
  if (!has_all(basic.ecx, 1u | 1u << 9 | 1u << 13 | 1u << 19 | 1u << 20 | 1u << 23) || !has_all(amd.ecx, 1u)) return 1;
  // FMA, MOVBE, AVX, F16C; BMI1, AVX2, BMI2; LZCNT; the xmm and ymm registers
  if (!has_all(basic.ecx, 1u << 12 | 1u << 22 | 1u << 28 | 1u << 29) ||
      !has_all(extended.ebx, 1u << 3 | 1u << 5 | 1u << 8) || !has_all(amd.ecx, 1u << 5) || !has_all(saved, 0x6)) {
    return 2;
  }
  // AVX-512 F, DQ, CD, BW, VL; the mask and zmm registers
  if (!has_all(extended.ebx, 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31) || !has_all(saved, 0xe6)) return 3;
  return 4;
}
#endif

/// False when this machine lacks something of `target`, a name from the target table. Names without a level are of
/// another kind of machine or need nothing that could be missing.
inline bool cpu_supports(const char* target) {
#if defined(__x86_64__)
  if (strncmp(target, "x86-64-v", 8) == 0) return x86_64_level() >= target[8] - '0';
#elif defined(__riscv)
  if (strncmp(target, "riscv64", 7) == 0) return getauxval(AT_HWCAP) >> ('V' - 'A') & 1;
#endif
  (void)target;
  return true;
}

}  // namespace rt::inline RT_ABI
