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
    rt::conv_tile<1, map_pixels, 2>({1, 1, map_pixels, 0, 0}, unit, {0, map_pixels}, weights.data, place, make(first));
  }
}

/// `scalar(value, pixel, channel)` is the twin of the epilogue that `make(first channel)` gives.
template <class Make, class Scalar>
void epilogue_case(Report& report, const char* name, Make make, Scalar scalar) {
  Map in(1, map_pixels, map_channels), copied(1, map_pixels, map_channels), tiled(1, map_pixels, map_channels),
      want(1, map_pixels, map_channels);
  in.memory.fill(9);
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] *= 8;
  rt::elementwise(in.at(0, 0), in.strides.pixel, copied.out(0, 0, map_channels), map_pixels, make(0));
  run_behind_tiles(in, tiled, make);
  for (int p = 0; p < map_pixels; ++p) {
    for (int c = 0; c < map_channels; ++c) want.at(0, p)[c] = scalar(in.at(0, p)[c], p, c);
  }
  char title[80];
  snprintf(title, sizeof title, "epilogue %s", name);
  report.same(title, copied, want);
  snprintf(title, sizeof title, "epilogue %s behind a tile", name);
  report.same(title, tiled, want);
}

float relu6(float v) {
  const float low = v > 0 ? v : 0;
  return low < 6 ? low : 6;
}

void activations(Report& report) {
  using namespace rt;
  const auto none = [](int) { return None{}; };
  epilogue_case(report, "none", none, [](float v, int, int) { return v; });
  epilogue_case(report, "relu", [](int) { return Relu{}; }, [](float v, int, int) { return v > 0 ? v : 0; });
  epilogue_case(report, "relu6", [](int) { return Relu6{}; }, [](float v, int, int) { return relu6(v); });
  epilogue_case(
      report, "leaky relu", [](int) { return LeakyRelu{0.1f}; },
      [](float v, int, int) { return v > 0 ? v : v * 0.1f; });
  epilogue_case(report, "sigmoid", [](int) { return Sigmoid{}; }, [](float v, int, int) { return sigmoid(v); });
  epilogue_case(report, "tanh", [](int) { return Tanh{}; }, [](float v, int, int) { return tanh(v); });
  epilogue_case(report, "silu", [](int) { return Silu{}; }, [](float v, int, int) { return v / (1.0f + exp(-v)); });
  epilogue_case(
      report, "hard swish", [](int) { return HardSwish{}; },
      [](float v, int, int) { return v * relu6(v + 3.0f) * (1.0f / 6.0f); });
}

void operands(Report& report) {
  Operands with;
  const float *scale = with.scale.data, *bias = with.bias.data;
  const auto add = [&](int first) {
    return rt::Add{with.addend.at(0, 0) + first, with.addend.strides, 0.17f, map_channels - first};
  };
  const auto affine = [&](int first) { return rt::Affine{scale + first, bias + first}; };
  epilogue_case(
      report, "bias", [&](int first) { return rt::Bias{bias + first}; },
      [&](float v, int, int c) { return v + bias[c]; });
  epilogue_case(report, "affine", affine, [&](float v, int, int c) { return __builtin_fmaf(v, scale[c], bias[c]); });
  epilogue_case(report, "add", add,
                [&](float v, int p, int c) { return __builtin_fmaf(0.17f, v, with.addend.at(0, p)[c]); });
  epilogue_case(
      report, "affine, relu, add, silu",
      [&](int first) { return rt::chain(affine(first), rt::Relu{}, add(first), rt::Silu{}); },
      [&](float v, int p, int c) {
        v = __builtin_fmaf(v, scale[c], bias[c]);
        v = __builtin_fmaf(0.17f, v > 0 ? v : 0, with.addend.at(0, p)[c]);
        return v / (1.0f + rt::exp(-v));
      });
}

}  // namespace

void test_epilogues(Report& report) {
  activations(report);
  operands(report);
}

}  // namespace kernel_test
