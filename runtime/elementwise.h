// Copies, and epilogues that no other kernel could take.
#pragma once
#include "runtime/epilogue.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

/// `pixels` neighbouring pixels, in_pixel apart, through the epilogue. `in` and `out` may be the same place.
template <class Epilogue>
[[gnu::noinline]] void elementwise(const float* in, int64_t in_pixel, const ConvOut& out, int pixels,
                                   const Epilogue& epilogue) {
  for (int p = 0; p < pixels; ++p) {
    for (int c = 0; c < out.channels; c += lanes) {
      const V v = load(in + p * in_pixel + c);
      store_upto(out.data + p * out.strides.pixel + c, epilogue(v, 0, p, c), out.channels - c);
    }
  }
}

}  // namespace rt::inline RT_ABI
