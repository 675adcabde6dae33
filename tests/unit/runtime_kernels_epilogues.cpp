// Every epilogue, alone and chained, behind a register tile (both ways out of it) and behind the element-wise kernel.
#include "runtime/conv.h"
#include "runtime/elementwise.h"
#include "runtime/epilogue.h"
#include "tests/unit/runtime_kernels.h"

namespace kernel_test {
namespace {

constexpr int map_channels = 69, map_pixels = 5;

struct Operands {
  Floats scale{map_channels + 64}, bias{map_channels + 64};
  Map addend{1, map_pixels, map_channels};
  Operands() {
    scale.fill(6);
    bias.fill(7);
    addend.memory.fill(8);
  }
};

/// A tile over all pixels whose sums are `in`: input channel k is one at pixel k and zero elsewhere, its weights are
/// pixel k.
template <class Make>
void run_behind_tiles(Map& in, Map& out, Make make) {
  constexpr int width = 2 * rt::lanes;
  float unit[map_pixels * map_pixels] = {};
  for (int p = 0; p < map_pixels; ++p) unit[p * map_pixels + p] = 1;
  for (int first = 0; first < map_channels; first += width) {
    Floats weights((1 + map_pixels) * width);
    for (int i = 0; i < width; ++i) {
      weights.data[i] = 0;
      for (int p = 0; p < map_pixels; ++p) {
        weights.data[(1 + p) * width + i] = first + i < map_channels ? in.at(0, p)[first + i] : 0;
      }
    }
    rt::ConvOut place = out.out(0, 0, map_channels - first);
    place.data += first;
    rt::conv_tile<1, map_pixels, 2>({1, 1, map_pixels, 0, 0}, unit, {0, map_pixels}, weights.data, place,
                                    make(first, 0));
  }
}

/// The same for values that no weight of zero blots out: every output is its tile's bias.
template <class Make>
void run_behind_biases(Map& in, Map& out, Make make) {
  constexpr int width = 2 * rt::lanes;
  for (int p = 0; p < map_pixels; ++p) {
    for (int first = 0; first < map_channels; first += width) {
      Floats weights(width);
      for (int i = 0; i < width; ++i) weights.data[i] = first + i < map_channels ? in.at(0, p)[first + i] : 0;
      rt::ConvOut place = out.out(0, p, map_channels - first);
      place.data += first;
      rt::conv_tile<1, 1, 2>({1, 1, 0, 0, 0}, nullptr, {0, 0}, weights.data, place, make(first, p));
    }
  }
}

/// Numbers, NaN, infinities and -0 through the epilogue: what is NaN stays NaN.
template <class Make, class Scalar>
void special_case(Report& report, const char* name, Map& in, Make make, Scalar scalar) {
  Map copied(1, map_pixels, map_channels), tiled(1, map_pixels, map_channels), want(1, map_pixels, map_channels);
  in.memory.sprinkle(109, 4);
  rt::elementwise(in.at(0, 0), in.strides.pixel, copied.out(0, 0, map_channels), map_pixels, make(0, 0));
  run_behind_biases(in, tiled, make);
  bool carried = true;
  for (int p = 0; p < map_pixels; ++p) {
    for (int c = 0; c < map_channels; ++c) {
      const float from = in.at(0, p)[c], to = copied.at(0, p)[c];
      carried = carried && (from == from || to != to);
      want.at(0, p)[c] = scalar(from, p, c);
    }
  }
  char title[80];
  snprintf(title, sizeof title, "epilogue %s, NaN", name);
  report.same(title, copied, want);
  report.check(title, carried);
  snprintf(title, sizeof title, "epilogue %s behind a tile, NaN", name);
  report.same(title, tiled, want);
}

/// `scalar(value, pixel, channel)` is the twin of the epilogue that `make(first channel, first pixel)` gives.
template <class Make, class Scalar>
void epilogue_case(Report& report, const char* name, Make make, Scalar scalar) {
  Map in(1, map_pixels, map_channels), copied(1, map_pixels, map_channels), tiled(1, map_pixels, map_channels),
      want(1, map_pixels, map_channels);
  in.memory.fill(9);
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] *= 8;
  rt::elementwise(in.at(0, 0), in.strides.pixel, copied.out(0, 0, map_channels), map_pixels, make(0, 0));
  run_behind_tiles(in, tiled, make);
  for (int p = 0; p < map_pixels; ++p) {
    for (int c = 0; c < map_channels; ++c) want.at(0, p)[c] = scalar(in.at(0, p)[c], p, c);
  }
  char title[80];
  snprintf(title, sizeof title, "epilogue %s", name);
  report.same(title, copied, want);
  snprintf(title, sizeof title, "epilogue %s behind a tile", name);
  report.same(title, tiled, want);
  special_case(report, name, in, make, scalar);
}

float relu6(float v) {
  const float low = v <= 0 ? 0 : v;
  return low > 6 ? 6 : low;
}

void activations(Report& report) {
  using namespace rt;
  const auto none = [](int, int) { return None{}; };
  epilogue_case(report, "none", none, [](float v, int, int) { return v; });
  epilogue_case(report, "relu", [](int, int) { return Relu{}; }, [](float v, int, int) { return v <= 0 ? 0 : v; });
  epilogue_case(report, "relu6", [](int, int) { return Relu6{}; }, [](float v, int, int) { return relu6(v); });
  epilogue_case(
      report, "leaky relu", [](int, int) { return LeakyRelu{0.1f}; },
      [](float v, int, int) { return v > 0 ? v : v * 0.1f; });
  epilogue_case(report, "sigmoid", [](int, int) { return Sigmoid{}; }, [](float v, int, int) { return sigmoid(v); });
  epilogue_case(report, "tanh", [](int, int) { return Tanh{}; }, [](float v, int, int) { return tanh(v); });
  epilogue_case(
      report, "silu", [](int, int) { return Silu{}; }, [](float v, int, int) { return v / (1.0f + exp(-v)); });
  epilogue_case(
      report, "hard swish", [](int, int) { return HardSwish{}; },
      [](float v, int, int) { return v * relu6(v + 3.0f) * (1.0f / 6.0f); });
}

void operands(Report& report) {
  Operands with;
  const float *scale = with.scale.data, *bias = with.bias.data;
  const auto add = [&](int first, int pixel) {
    return rt::Add{with.addend.at(0, pixel) + first, with.addend.strides, 0.17f, map_channels - first};
  };
  const auto affine = [&](int first, int) { return rt::Affine{scale + first, bias + first}; };
  epilogue_case(
      report, "bias", [&](int first, int) { return rt::Bias{bias + first}; },
      [&](float v, int, int c) { return v + bias[c]; });
  epilogue_case(report, "affine", affine, [&](float v, int, int c) { return __builtin_fmaf(v, scale[c], bias[c]); });
  epilogue_case(report, "add", add,
                [&](float v, int p, int c) { return __builtin_fmaf(0.17f, v, with.addend.at(0, p)[c]); });
  epilogue_case(
      report, "affine, relu, add, silu",
      [&](int first, int pixel) { return rt::chain(affine(first, 0), rt::Relu{}, add(first, pixel), rt::Silu{}); },
      [&](float v, int p, int c) {
        v = __builtin_fmaf(v, scale[c], bias[c]);
        v = __builtin_fmaf(0.17f, v <= 0 ? 0 : v, with.addend.at(0, p)[c]);
        return v / (1.0f + rt::exp(-v));
      });
}

}  // namespace

void test_epilogues(Report& report) {
  activations(report);
  operands(report);
}

}  // namespace kernel_test
