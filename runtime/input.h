// The caller's tensor into its buffer.
#pragma once
#include "runtime/math.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// Subnormal numbers become zero: some CPUs are 50 times slower with them, and flush-to-zero modes differ between CPUs.
RT_INLINE V without_subnormals(V v) {
  const auto size = bit_cast<Lanes<V>::Int>(v) & 0x7fffffff;
  return size < 0x00800000 ? V{} : v;
}

/// `count` floats without gaps; reads and writes none beyond.
RT_INLINE void copy_floats(const float* in, float* out, int64_t count) {
  for (int64_t i = 0; i < count; i += lanes)
    store_upto(out + i, without_subnormals(load_upto(in + i, count - i)), count - i);
}

/// One dense row of the input, `in_row` = pixels * out.channels floats, into a row of its buffer.
inline void copy_input(const float* in, int64_t in_row, const ConvOut& out, int pixels) {
  if (out.strides.pixel == out.channels) return copy_floats(in, out.data, in_row);
  for (int p = 0; p < pixels; ++p) {
    copy_floats(in + int64_t{p} * out.channels, out.data + p * out.strides.pixel, out.channels);
  }
}

}  // namespace rt::inline RT_ABI
