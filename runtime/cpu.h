// Asks the CPU at run time whether it has what a target needs: a program for a bigger CPU must say so, not die of an
// illegal instruction. Integer code only, and no help from a compiler's library.
#pragma once
#include <stdint.h>

#include "runtime/abi.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__riscv)
#include <sys/auxv.h>
#endif

namespace rt::inline RT_ABI {

/// What a target may require beyond its family's baseline: one bit each, never changed.
namespace cpu {
enum Feature : uint64_t {
  sse3 = 1ull << 0,
  ssse3 = 1ull << 1,
  cx16 = 1ull << 2,
  sse4_1 = 1ull << 3,
  sse4_2 = 1ull << 4,
  popcnt = 1ull << 5,
  lahf = 1ull << 6,
  avx = 1ull << 7,
  f16c = 1ull << 8,
  fma = 1ull << 9,
  movbe = 1ull << 10,
  bmi = 1ull << 11,
  avx2 = 1ull << 12,
  bmi2 = 1ull << 13,
  lzcnt = 1ull << 14,
  avx512f = 1ull << 15,
  avx512dq = 1ull << 16,
  avx512cd = 1ull << 17,
  avx512bw = 1ull << 18,
  avx512vl = 1ull << 19,
  rvv = 1ull << 32,
  vlen256 = 1ull << 33,
};

struct Name {
  Feature feature;
  const char* text;
};
inline constexpr Name names[] = {
    {sse3, "sse3"},         {ssse3, "ssse3"},       {cx16, "cx16"},         {sse4_1, "sse4_1"},
    {sse4_2, "sse4_2"},     {popcnt, "popcnt"},     {lahf, "lahf"},         {avx, "avx"},
    {f16c, "f16c"},         {fma, "fma"},           {movbe, "movbe"},       {bmi, "bmi"},
    {avx2, "avx2"},         {bmi2, "bmi2"},         {lzcnt, "lzcnt"},       {avx512f, "avx512f"},
    {avx512dq, "avx512dq"}, {avx512cd, "avx512cd"}, {avx512bw, "avx512bw"}, {avx512vl, "avx512vl"},
    {rvv, "rvv"},           {vlen256, "vlen256"},
};

template <class... Features>
constexpr uint64_t all(Features... features) {
  return (uint64_t{0} | ... | features);
}
}  // namespace cpu

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

inline uint64_t when(bool has, uint64_t feature) { return has ? feature : 0; }

inline bool bit(unsigned word, int place) { return word >> place & 1; }

/// Features of cpu::, as far as CPU and operating system support them; the AVX ones need their registers saved.
inline uint64_t cpu_features() {
  const CpuLeaf basic(1), extended(7), amd(0x80000001u);
  const unsigned saved = saved_registers(basic);
  const bool ymm = (saved & 0x6) == 0x6, zmm = (saved & 0xe6) == 0xe6;
  return when(bit(basic.ecx, 0), cpu::sse3) | when(bit(basic.ecx, 9), cpu::ssse3) |
         when(bit(basic.ecx, 13), cpu::cx16) | when(bit(basic.ecx, 19), cpu::sse4_1) |
         when(bit(basic.ecx, 20), cpu::sse4_2) | when(bit(basic.ecx, 23), cpu::popcnt) |
         when(bit(amd.ecx, 0), cpu::lahf) | when(ymm && bit(basic.ecx, 28), cpu::avx) |
         when(ymm && bit(basic.ecx, 29), cpu::f16c) | when(ymm && bit(basic.ecx, 12), cpu::fma) |
         when(bit(basic.ecx, 22), cpu::movbe) | when(bit(extended.ebx, 3), cpu::bmi) |
         when(ymm && bit(extended.ebx, 5), cpu::avx2) | when(bit(extended.ebx, 8), cpu::bmi2) |
         when(bit(amd.ecx, 5), cpu::lzcnt) | when(zmm && bit(extended.ebx, 16), cpu::avx512f) |
         when(zmm && bit(extended.ebx, 17), cpu::avx512dq) | when(zmm && bit(extended.ebx, 28), cpu::avx512cd) |
         when(zmm && bit(extended.ebx, 30), cpu::avx512bw) | when(zmm && bit(extended.ebx, 31), cpu::avx512vl);
}
#elif defined(__riscv)
inline uint64_t cpu_features() {
  if (!(getauxval(AT_HWCAP) >> ('V' - 'A') & 1)) return 0;
  unsigned long vector_bytes;
  __asm__ volatile("csrr %0, 0xc22" : "=r"(vector_bytes));  // vlenb
  return cpu::rvv | (vector_bytes >= 32 ? uint64_t{cpu::vlen256} : 0);
}
#else
inline uint64_t cpu_features() { return 0; }
#endif

/// Those of `features`, bits of cpu::, that this machine lacks.
inline uint64_t cpu_lacks(uint64_t features) { return features & ~cpu_features(); }

}  // namespace rt::inline RT_ABI
