// exp, log, pow, tanh and sigmoid from + - * / fma and integer moves alone: the same bits lane for lane on every
// instruction set and for vectors and single floats, which no libm promises. T is V or float.
// Errors against double precision: exp 1 ulp, tanh and sigmoid 3 ulp, log, log2 and pow 1 ulp.
#pragma once
#include <stdint.h>

#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// The integers that go with a vector of floats.
template <class T>
struct Lanes {
  typedef int32_t Int __attribute__((vector_size(sizeof(T))));
};
template <>
struct Lanes<float> {
  using Int = int32_t;
};

template <class To, class From>
RT_INLINE To bit_cast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}

/// exp(x) = 2^n * (1 + q): `n` the nearest integer to x / ln 2, q = exp(x - n ln 2) - 1 by its Taylor series (|r| <
/// 0.35, the first term left out is below 2^-27 of the sum).
template <class T>
struct ExpParts {
  typename Lanes<T>::Int n;
  T q;
};

template <class T>
RT_INLINE ExpParts<T> exp_parts(T x) {
  using Int = typename Lanes<T>::Int;
  constexpr float round_shift =
      12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer and leaves that in the low bits
  constexpr float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;  // ln2_high * n is exact
  const T shifted = fma(x, splat<T>(0x1.715476p+0f), splat<T>(round_shift));
  const T n = shifted - splat<T>(round_shift);
  const T r = fma(n, splat<T>(-ln2_low), fma(n, splat<T>(-ln2_high), x));
  T p = fma(splat<T>(1.0f / 5040), r, splat<T>(1.0f / 720));
  p = fma(p, r, splat<T>(1.0f / 120));
  p = fma(p, r, splat<T>(1.0f / 24));
  p = fma(p, r, splat<T>(1.0f / 6));
  p = fma(p, r, splat<T>(0.5f));
  return {bit_cast<Int>(shifted) - 0x4b400000, fma(p, r * r, r)};
}

/// 2^n for -126 <= n <= 127.
template <class T>
RT_INLINE T power_of_two(typename Lanes<T>::Int n) {
  return bit_cast<T>((n + 127) << 23);
}

/// e^x. Results below the smallest normal float (x < -87.3) are 0, above the largest (x > 88.7) infinity.
template <class T>
RT_INLINE T exp(T x) {
  constexpr float lowest = -87.33654f, highest = 88.72283f;
  const T clamped = min(splat<T>(highest), max(splat<T>(lowest), x));  // in this order NaN passes
  const ExpParts<T> parts = exp_parts(clamped);
  const auto half_n = parts.n >> 1;  // 2^128 is no float: two factors
  T y = (1.0f + parts.q) * power_of_two<T>(half_n) * power_of_two<T>(parts.n - half_n);
  y = x < splat<T>(lowest) ? T{} : y;
  return x > splat<T>(highest) ? splat<T>(__builtin_inff()) : y;
}

/// 1 / (1 + e^-x).
template <class T>
RT_INLINE T sigmoid(T x) {
  return 1.0f / (1.0f + exp(-x));
}

/// With e = exp(2|x|) - 1, tanh |x| = e / (e + 2): no cancellation near 0, exactly 1 from 10 on.
template <class T>
RT_INLINE T tanh(T x) {
  using Int = typename Lanes<T>::Int;
  const Int sign = bit_cast<Int>(x) & static_cast<int32_t>(0x80000000u);
  const T size = bit_cast<T>(bit_cast<Int>(x) ^ sign);
  const ExpParts<T> parts = exp_parts(2.0f * min(splat<T>(10.0f), size));
  const T scale = power_of_two<T>(parts.n);
  const T e = fma(scale, parts.q, scale - 1.0f);
  return bit_cast<T>(bit_cast<Int>(e / (e + 2.0f)) | sign);
}

/// log2 of positive finite doubles to about 1e-12: x = 2^n m with m in [0.707, 1.414), s = (m - 1) / (m + 1),
/// ln m = 2 (s + s^3/3 + s^5/5 + ...).
RT_INLINE double log2_of_double(double x) {
  constexpr int64_t sqrt_half = 0x3fe6a09e667f3bcd;
  const int64_t bits = bit_cast<int64_t>(x);
  const int64_t n = (bits - sqrt_half) >> 52;
  const double m = bit_cast<double>(bits - n * (int64_t{1} << 52));
  const double s = (m - 1.0) / (m + 1.0), s2 = s * s;
  double p = fma(s2, 1.0 / 15, 1.0 / 13);
  p = fma(p, s2, 1.0 / 11);
  p = fma(p, s2, 1.0 / 9);
  p = fma(p, s2, 1.0 / 7);
  p = fma(p, s2, 1.0 / 5);
  p = fma(p, s2, 1.0 / 3);
  p = fma(p, s2, 1.0);
  return fma(s * p, 2.8853900817779268147, static_cast<double>(n));  // 2 / ln 2
}

/// 2^x to about 1e-12 for |x| <= 1000.
RT_INLINE double exp2_of_double(double x) {
  constexpr double round_shift = 6755399441055744.0;  // 1.5 * 2^52
  const double shifted = x + round_shift;
  const double r = (x - (shifted - round_shift)) * 0.69314718055994530942;
  double p = fma(r, 1.0 / 39916800, 1.0 / 3628800);
  p = fma(p, r, 1.0 / 362880);
  p = fma(p, r, 1.0 / 40320);
  p = fma(p, r, 1.0 / 5040);
  p = fma(p, r, 1.0 / 720);
  p = fma(p, r, 1.0 / 120);
  p = fma(p, r, 1.0 / 24);
  p = fma(p, r, 1.0 / 6);
  p = fma(p, r, 0.5);
  p = fma(p, r, 1.0);
  p = fma(p, r, 1.0);
  const int64_t n = bit_cast<int64_t>(shifted) - 0x4338000000000000;
  return p * bit_cast<double>((n + 1023) << 52);
}

/// log2 x for x > 0; -infinity at 0, NaN below.
RT_INLINE float log2(float x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inff() : __builtin_nanf("");
  return x < __builtin_inff() ? static_cast<float>(log2_of_double(x)) : x;
}

/// Natural logarithm; as log2 elsewhere.
RT_INLINE float log(float x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inff() : __builtin_nanf("");
  return x < __builtin_inff() ? static_cast<float>(log2_of_double(x) * 0.69314718055994530942) : x;
}

/// x^y for |y| <= 4, NaN for x < 0 and y other than 0: what local response normalisation with an unusual beta needs.
RT_INLINE float pow(float x, float y) {
  const float power = static_cast<float>(exp2_of_double(log2_of_double(x) * static_cast<double>(y)));
  if (x > 0 && x < __builtin_inff()) return power;
  if (y == 0) return 1;
  return !(x >= 0) ? __builtin_nanf("") : (x == 0) == (y > 0) ? 0.0f : __builtin_inff();
}

// Lane for lane; the compiler makes vectors of doubles of these loops.
RT_INLINE V log2(V x) {
  for (int i = 0; i < lanes; ++i) x[i] = log2(static_cast<float>(x[i]));
  return x;
}
RT_INLINE V log(V x) {
  for (int i = 0; i < lanes; ++i) x[i] = log(static_cast<float>(x[i]));
  return x;
}
RT_INLINE V pow(V x, float y) {
  for (int i = 0; i < lanes; ++i) x[i] = pow(static_cast<float>(x[i]), y);
  return x;
}

}  // namespace rt::inline RT_ABI
