// What happens to a sum before it is stored: bias, batch norm, activation, residual add, in the order of the chain.
// An epilogue is called as epilogue(value, row, pixel, channel): `value` holds `lanes` channels, the numbers are
// relative to the kernel call's first output pixel and first output channel. `heavy` ones are not unrolled into the
// register tile. Every one of them carries NaN on.
#pragma once
#include "runtime/math.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

struct None {
  static constexpr bool heavy = false;
  RT_INLINE V operator()(V v, int, int, int) const { return v; }
};

struct Relu {
  static constexpr bool heavy = false;
  RT_INLINE V operator()(V v, int, int, int) const { return positive_part(v); }
};

struct Relu6 {
  static constexpr bool heavy = false;
  RT_INLINE V operator()(V v, int, int, int) const { return min(splat(6.0f), positive_part(v)); }
};

struct LeakyRelu {
  static constexpr bool heavy = false;
  float slope;
  RT_INLINE V operator()(V v, int, int, int) const { return v > V{} ? v : v * slope; }
};

struct Sigmoid {
  static constexpr bool heavy = true;
  RT_INLINE V operator()(V v, int, int, int) const { return sigmoid(v); }
};

struct Tanh {
  static constexpr bool heavy = true;
  RT_INLINE V operator()(V v, int, int, int) const { return tanh(v); }
};

/// x * sigmoid(x), also known as swish.
struct Silu {
  static constexpr bool heavy = true;
  RT_INLINE V operator()(V v, int, int, int) const { return v / (1.0f + exp(-v)); }
};

/// x * min(max(x + 3, 0), 6) / 6.
struct HardSwish {
  static constexpr bool heavy = false;
  RT_INLINE V operator()(V v, int, int, int) const { return v * min(max(v + 3.0f, V{}), splat(6.0f)) * (1.0f / 6.0f); }
};

/// v + bias[channel]; `bias` is padded to a multiple of `lanes`.
struct Bias {
  static constexpr bool heavy = false;
  const float* bias;
  RT_INLINE V operator()(V v, int, int, int channel) const { return v + load(bias + channel); }
};

/// v * scale[channel] + bias[channel]; both padded to a multiple of `lanes`.
struct Affine {
  static constexpr bool heavy = false;
  const float* scale;
  const float* bias;
  RT_INLINE V operator()(V v, int, int, int channel) const {
    return fma(v, load(scale + channel), load(bias + channel));
  }
};

/// operand + factor * v. The last vector of the operand is loaded whole: up to `lanes` - 1 floats past `channels`,
/// which are still in the arena and whose sums are not stored.
struct Add {
  static constexpr bool heavy = false;
  const float* data;
  Strides strides;
  float factor;
  int channels;
  RT_INLINE V operator()(V v, int row, int pixel, int channel) const {
    if (channel >= channels) return v;
    return fma(splat(factor), v, load(data + row * strides.row + pixel * strides.pixel + channel));
  }
};

template <class... E>
struct Chain;
template <>
struct Chain<> : None {};
template <class First, class... Rest>
struct Chain<First, Rest...> {
  static constexpr bool heavy = First::heavy || Chain<Rest...>::heavy;
  First first;
  Chain<Rest...> rest;
  RT_INLINE V operator()(V v, int row, int pixel, int channel) const {
    return rest(first(v, row, pixel, channel), row, pixel, channel);
  }
};

/// Applies its parts in order.
RT_INLINE Chain<> chain() { return {}; }
template <class First, class... Rest>
RT_INLINE Chain<First, Rest...> chain(First first, Rest... rest) {
  return {first, chain(rest...)};
}

}  // namespace rt::inline RT_ABI
