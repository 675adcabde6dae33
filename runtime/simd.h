// The vector type: everything else in the runtime is written once on top of it, for every instruction set.
// The compilers' vector extension does the work; no intrinsics.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/abi.h"

// Kernels are small and hot: their pieces are inlined whatever the compiler's own budget says.
#define RT_INLINE [[gnu::always_inline]] inline

namespace rt::inline RT_ABI {

#if defined(__AVX512F__)
inline constexpr int lanes = 16;
inline constexpr int vector_registers = 32;
#elif defined(__AVX2__)
inline constexpr int lanes = 8;
inline constexpr int vector_registers = 16;
#elif defined(__riscv_v_min_vlen) && __riscv_v_min_vlen >= 256
inline constexpr int lanes = 8;
inline constexpr int vector_registers = 32;
#elif defined(__aarch64__) || defined(__riscv)
inline constexpr int lanes = 4;
inline constexpr int vector_registers = 32;
#else
inline constexpr int lanes = 4;
inline constexpr int vector_registers = 16;
#endif

template <int Count>
struct FloatVector {
  typedef float Type __attribute__((vector_size(4 * Count)));  // as an alias, GCC would drop the attribute
};
/// `lanes` floats.
using V = FloatVector<lanes>::Type;

template <class T = V>
RT_INLINE T load(const float* from) {
  T v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <class T>
RT_INLINE void store(float* to, T v) {
  __builtin_memcpy(to, &v, sizeof v);
}

/// All lanes `s`. Subtracting +0 changes no value, not even -0; adding it would.
template <class T = V>
RT_INLINE T splat(float s) {
  return s - T{};
}
template <>
RT_INLINE float splat<float>(float s) {
  return s;
}

/// The lower (Part = 0) or upper (1) half of a vector of Count floats.
template <int Count, int Part, class T>
RT_INLINE auto half(T v) {
  if constexpr (Count == 2) {
    return v[Part];
  } else {
    typename FloatVector<Count / 2>::Type part;
    __builtin_memcpy(&part, reinterpret_cast<const char*>(&v) + Part * sizeof part, sizeof part);
    return part;
  }
}

/// The first `count` floats of v, 0 <= count < Count. Touches no byte beyond: a neighbour's thread may own it.
template <int Count = lanes, class T>
RT_INLINE void store_partial(float* to, T v, int64_t count) {
  if constexpr (Count > 1) {
    auto part = half<Count, 0>(v);
    if (count & (Count / 2)) {
      store(to, part);
      to += Count / 2;
      part = half<Count, 1>(v);
    }
    store_partial<Count / 2>(to, part, count);
  }
}

/// Stores all of v, or its first `count` floats where fewer channels are left.
RT_INLINE void store_upto(float* to, V v, int64_t count) {
  if (count >= lanes) {
    store(to, v);
  } else {
    store_partial(to, v, count);
  }
}

/// `count` floats (0 <= count), at most a vector, the other lanes zero; reads no float beyond.
RT_INLINE V load_upto(const float* from, int64_t count) {
  if (count >= lanes) return load(from);
  float part[lanes];
  for (int i = 0; i < lanes; ++i) part[i] = i < count ? from[i] : 0.0f;
  return load(part);
}

/// True where a multiply-add is one instruction, else a call of the C library.
inline constexpr bool fma_instruction =
#if defined(__FMA__) || defined(__aarch64__) || defined(__riscv)
    true;
#else
    false;
#endif

#if RT_FUSED
RT_INLINE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
RT_INLINE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
#else  // a target without the instruction: two roundings, never a call in a kernel's loop
RT_INLINE float fma(float a, float b, float c) { return a * b + c; }
RT_INLINE double fma(double a, double b, double c) { return a * b + c; }
#endif
RT_INLINE float sqrt(float x) { return __builtin_sqrtf(x); }

template <class T>
RT_INLINE T fma(T a, T b, T c) {
#if !RT_FUSED
  return a * b + c;
#elif defined(__clang__)
  return __builtin_elementwise_fma(a, b, c);
#else  // GCC makes one vector instruction of such a loop (with -fno-math-errno)
  for (size_t i = 0; i < sizeof(T) / sizeof a[0]; ++i) a[i] = fma(a[i], b[i], c[i]);
  return a;
#endif
}

#if defined(__clang__)
RT_INLINE V sqrt(V x) { return __builtin_elementwise_sqrt(x); }
#else
RT_INLINE V sqrt(V x) {
  for (int i = 0; i < lanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}
#endif

/// x > m ? x : m, lane for lane: what x86's max instruction does, and the same bits elsewhere (NaN and -0 included).
/// Where either is NaN the result is m: a bound goes first, what may be NaN second.
template <class T>
RT_INLINE T max(T x, T m) {
  return x > m ? x : m;
}
/// x < m ? x : m.
template <class T>
RT_INLINE T min(T x, T m) {
  return x < m ? x : m;
}
/// 0 for x <= 0 (also for -0), else x: NaN stays NaN, which no operand order of x86's max gives together with the 0.
template <class T>
RT_INLINE T positive_part(T x) {
  return x <= T{} ? T{} : x;
}

/// Whether any lane is NaN.
RT_INLINE bool any_nan(V v) {
#if defined(__clang__)
  return __builtin_reduce_or(v != v) != 0;
#elif defined(__AVX512F__)
  return __builtin_ia32_cmpps512_mask(v, v, 3, -1, 4) != 0;  // GCC makes one extraction a lane of all that follows
#elif defined(__AVX2__)
  return __builtin_ia32_movmskps256(__builtin_ia32_cmpps256(v, v, 3)) != 0;
#else
  const auto unequal = v != v;
  uint64_t words[sizeof v / 8], all = 0;
  __builtin_memcpy(words, &unequal, sizeof v);
  for (const uint64_t word : words) all |= word;
  return all != 0;
#endif
}

/// Distances in floats of vertically and horizontally neighbouring pixels.
struct Strides {
  int64_t row, pixel;
};

/// Where a kernel writes: `data` is its first pixel, first channel. Only `channels` channels are stored.
struct ConvOut {
  float* data;
  Strides strides;
  int channels;
};

}  // namespace rt::inline RT_ABI
