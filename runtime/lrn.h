// Local response normalisation across channels (Krizhevsky 2012, section 3.3): y = x / (k + alpha * sum of x^2) ^ beta.
// The sum runs over those of the `size` channels from c - before on that exist, in this order, as one chain of
// multiply-adds.
#pragma once
#include <utility>

#include "runtime/math.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

struct LrnParameters {
  int size, before;
  float alpha;  ///< already divided by `size` where the network says so
  float beta, k;
};

// s^beta. The usual exponents need IEEE square roots only: the same bits everywhere, and faster than a polynomial.
struct PowThreeQuarters {
  RT_INLINE V operator()(V s) const {
    const V root = sqrt(s);
    return root * sqrt(root);
  }
};
struct PowHalf {
  RT_INLINE V operator()(V s) const { return sqrt(s); }
};
struct PowOne {
  RT_INLINE V operator()(V s) const { return s; }
};
struct PowAny {
  float beta;
  RT_INLINE V operator()(V s) const { return pow(s, beta); }
};

template <class Power>
RT_INLINE V lrn_value(const LrnParameters& lrn, V x, V squares, Power power) {
  return x / power(fma(squares, splat(lrn.alpha), splat(lrn.k)));
}

/// Lanes Shift .. Shift + lanes - 1 of the three vectors side by side, -lanes <= Shift <= lanes.
template <int Shift, int... I>
RT_INLINE V shifted(V before, V here, V after, std::integer_sequence<int, I...>) {
  if constexpr (Shift < 0) {
    return __builtin_shufflevector(before, here, (I + lanes + Shift)...);
  } else {
    return __builtin_shufflevector(here, after, (I + Shift)...);
  }
}

/// sum of x^2 over the shifts First .. Last, in that order.
template <int First, int Last>
RT_INLINE V sum_of_squares(V before, V here, V after, V sum) {
  const V x = shifted<First>(before, here, after, std::make_integer_sequence<int, lanes>{});
  sum = fma(x, x, sum);
  if constexpr (First < Last) {
    return sum_of_squares<First + 1, Last>(before, here, after, sum);
  } else {
    return sum;
  }
}

/// One pixel; neighbouring channels come from the neighbouring vectors in registers, zero where there are none.
template <int Size, class Power>
RT_INLINE void lrn_pixel(const LrnParameters& lrn, const float* in, float* out, int channels, Power power) {
  V before{}, here = load_upto(in, channels);
  for (int c = 0; c < channels; c += lanes) {
    const int left = channels - c - lanes;
    const V after = left > 0 ? load_upto(in + c + lanes, left) : V{};
    const V squares = sum_of_squares<-(Size - 1) / 2, Size / 2>(before, here, after, V{});
    store_upto(out + c, lrn_value(lrn, here, squares, power), channels - c);
    before = here;
    here = after;
  }
}

/// One pixel, any size: the lanes are gathered one by one.
template <class Power>
RT_INLINE void lrn_pixel_any(const LrnParameters& lrn, const float* in, float* out, int channels, Power power) {
  for (int c = 0; c < channels; c += lanes) {
    V squares{};
    for (int shift = -lrn.before; shift < lrn.size - lrn.before; ++shift) {
      float x[lanes];
      for (int i = 0; i < lanes; ++i) {
        const int channel = c + i + shift;
        x[i] = channel >= 0 && channel < channels ? in[channel] : 0.0f;
      }
      squares = fma(load(x), load(x), squares);
    }
    store_upto(out + c, lrn_value(lrn, load_upto(in + c, channels - c), squares, power), channels - c);
  }
}

/// out.channels channels of each of `pixels` neighbouring pixels; `power` computes s^beta. `in` and `out` must be
/// different places.
template <class Power>
[[gnu::noinline]] void lrn(const LrnParameters& parameters, const float* in, int64_t in_pixel, const ConvOut& out,
                           int pixels, Power power) {
  for (int p = 0; p < pixels; ++p) {
    const float* from = in + p * in_pixel;
    float* to = out.data + p * out.strides.pixel;
    if (parameters.size == 5) {
      lrn_pixel<5>(parameters, from, to, out.channels, power);
    } else if (parameters.size == 3) {
      lrn_pixel<3>(parameters, from, to, out.channels, power);
    } else {
      lrn_pixel_any(parameters, from, to, out.channels, power);
    }
  }
}

/// The same; the power has no parameters.
template <class Power>
RT_INLINE void lrn(const LrnParameters& parameters, const float* in, int64_t in_pixel, const ConvOut& out, int pixels) {
  lrn(parameters, in, in_pixel, out, pixels, Power{});
}

}  // namespace rt::inline RT_ABI
