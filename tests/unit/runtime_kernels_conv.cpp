// Register tiles and depthwise tiles of many shapes.
#include "runtime/conv.h"
#include "runtime/depthwise.h"
#include "tests/unit/runtime_kernels.h"

namespace kernel_test {
namespace {

struct Shape {
  const char* name;
  int rows, columns, stride, dilation, channels, out_channels, height, width;  ///< height and width of the output
};

int extent(int outputs, const Shape& s, int taps) { return (outputs - 1) * s.stride + (taps - 1) * s.dilation + 1; }

/// One output: the bias, then fused multiply-adds over (window row, window column, channel).
float twin(const Shape& s, Map& in, const float* weights, float bias, int y, int x, int o) {
  float sum = bias;
  for (int ky = 0; ky < s.rows; ++ky) {
    for (int kx = 0; kx < s.columns; ++kx) {
      const float* a = in.at(y * s.stride + ky * s.dilation, x * s.stride + kx * s.dilation);
      const float* w = weights + ((o * s.rows + ky) * s.columns + kx) * s.channels;
      for (int c = 0; c < s.channels; ++c) sum = __builtin_fmaf(a[c], w[c], sum);
    }
  }
  return sum;
}

/// Block `block` of `width` output channels: [width bias][rows][columns][channels][width], zero where there are no
/// more.
void pack(const Shape& s, const float* weights, const float* bias, int block, int width, float* packed) {
  const int taps = s.rows * s.columns * s.channels;
  for (int i = 0; i < width; ++i) {
    const int o = block * width + i;
    packed[i] = o < s.out_channels ? bias[o] : 0;
    for (int t = 0; t < taps; ++t) packed[(t + 1) * width + i] = o < s.out_channels ? weights[o * taps + t] : 0;
  }
}

template <int R, int P, int N>
void run_tiles(const Shape& s, Map& in, const float* weights, const float* bias, Map& out) {
  constexpr int width = N * rt::lanes;
  const rt::ConvWindow window{s.rows, s.columns, s.channels, s.dilation * in.strides.row,
                              s.dilation * in.strides.pixel};
  const rt::Strides steps{s.stride * in.strides.row, s.stride * in.strides.pixel};
  Floats packed((s.rows * s.columns * s.channels + 1) * width);
  for (int block = 0; block * width < s.out_channels; ++block) {
    pack(s, weights, bias, block, width, packed.data);
    for (int y = 0; y + R <= s.height; y += R) {
      for (int x = 0; x + P <= s.width; x += P) {
        rt::ConvOut place = out.out(y, x, s.out_channels - block * width);
        place.data += block * width;
        rt::conv_tile<R, P, N>(window, in.at(y * s.stride, x * s.stride), steps, packed.data, place, rt::Relu{});
      }
    }
  }
}

template <int R, int P, int N>
void conv_case(Report& report, const Shape& s, bool specials = false) {
  Map in(extent(s.height, s, s.rows), extent(s.width, s, s.columns), s.channels);
  Map out(s.height, s.width, s.out_channels), want(s.height, s.width, s.out_channels);
  Floats weights(s.out_channels * s.rows * s.columns * s.channels), bias(s.out_channels);
  in.memory.fill(1);
  if (specials) in.memory.sprinkle(101, 50);
  weights.fill(2);
  bias.fill(3);
  run_tiles<R, P, N>(s, in, weights.data, bias.data, out);
  for (int y = 0; y < s.height / R * R; ++y) {
    for (int x = 0; x < s.width / P * P; ++x) {
      for (int o = 0; o < s.out_channels; ++o) {
        const float v = twin(s, in, weights.data, bias.data[o], y, x, o);
        want.at(y, x)[o] = v <= 0 ? 0 : v;
      }
    }
  }
  char name[80];
  snprintf(name, sizeof name, "conv %s %dx%dx%d%s", s.name, R, P, N, specials ? ", NaN" : "");
  report.same(name, out, want);
}

template <int R, int P, int N>
void conv_cases(Report& report) {
  conv_case<R, P, N>(report, {"1x1", 1, 1, 1, 1, 37, 64, 2, 15});
  conv_case<R, P, N>(report, {"1x1 to 5 channels", 1, 1, 1, 1, 9, 5, 2, 14});
  conv_case<R, P, N>(report, {"3x3 to 70 channels", 3, 3, 1, 1, 11, 70, 3, 14});
  conv_case<R, P, N>(report, {"7x7/2", 7, 7, 2, 1, 3, 33, 2, 14});
  conv_case<R, P, N>(report, {"3x1 dilated by 2, stride 3", 3, 1, 3, 2, 6, 17, 2, 14});
  conv_case<R, P, N>(report, {"1x1 to 40 channels", 1, 1, 1, 1, 9, 40, 2, 15}, true);
}

template <int P>
void depthwise_case(Report& report, const Shape& s, bool specials = false) {
  const int channels = s.channels, taps = s.rows * s.columns,
            padded = (channels + rt::lanes - 1) / rt::lanes * rt::lanes;
  Map in(extent(s.height, s, s.rows), extent(s.width, s, s.columns), channels);
  Map out(s.height, s.width, channels), want(s.height, s.width, channels);
  Floats weights((taps + 1) * channels), packed((taps + 1) * padded);
  in.memory.fill(4);
  if (specials) in.memory.sprinkle(104, 50);
  weights.fill(5);
  for (int t = 0; t <= taps; ++t) memcpy(packed.data + t * padded, weights.data + t * channels, size_t(channels) * 4);
  const rt::ConvWindow window{s.rows, s.columns, channels, s.dilation * in.strides.row, s.dilation * in.strides.pixel};
  for (int y = 0; y < s.height; ++y) {
    for (int x = 0; x + P <= s.width; x += P) {
      rt::depthwise_tile<P>(window, in.at(y * s.stride, x * s.stride), s.stride * in.strides.pixel, packed.data,
                            out.out(y, x, channels), rt::None{});
    }
    for (int x = 0; x < s.width / P * P; ++x) {
      for (int c = 0; c < channels; ++c) {
        float sum = weights.data[c];
        for (int t = 0; t < taps; ++t) {
          const int ky = t / s.columns, kx = t % s.columns;
          const float a = in.at(y * s.stride + ky * s.dilation, x * s.stride + kx * s.dilation)[c];
          sum = __builtin_fmaf(a, weights.data[(t + 1) * channels + c], sum);
        }
        want.at(y, x)[c] = sum;
      }
    }
  }
  char name[80];
  snprintf(name, sizeof name, "depthwise %s %d pixels%s", s.name, P, specials ? ", NaN" : "");
  report.same(name, out, want);
}

template <int P>
void depthwise_cases(Report& report) {
  depthwise_case<P>(report, {"3x3", 3, 3, 1, 1, 40, 40, 3, 9});
  depthwise_case<P>(report, {"3x3/2", 3, 3, 2, 1, 19, 19, 3, 9});
  depthwise_case<P>(report, {"3x3 dilated", 3, 3, 1, 2, 16, 16, 3, 9});
  depthwise_case<P>(report, {"5x4", 5, 4, 1, 1, 7, 7, 3, 9});
  depthwise_case<P>(report, {"3x3", 3, 3, 1, 1, 40, 40, 3, 9}, true);
}

}  // namespace

void test_conv(Report& report) {
  conv_cases<1, 14, 2>(report);
  conv_cases<1, 13, 2>(report);
  conv_cases<1, 12, 2>(report);
  conv_cases<1, 6, 2>(report);
  conv_cases<1, 5, 2>(report);
  conv_cases<2, 7, 2>(report);
  conv_cases<2, 3, 2>(report);
  conv_cases<1, 14, 1>(report);
  conv_cases<1, 1, 1>(report);
  conv_cases<1, 1, 3>(report);
  conv_cases<1, 1, 8>(report);
}

void test_depthwise(Report& report) {
  depthwise_cases<1>(report);
  depthwise_cases<4>(report);
  depthwise_cases<8>(report);
}

}  // namespace kernel_test
