// The certain bound beside every value of the reference: float arithmetic never exceeds it, and for one layer it is
// near.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/reference/random_source.h"
#include "tests/reference/reference.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

reference::Tensor random_tensor(const Shape& shape, uint64_t seed) {
  reference::RandomSource random(seed);
  reference::Tensor tensor{shape, {}};
  for (int64_t i = 0; i < shape.elements().value(); ++i)
    tensor.values.push_back(static_cast<float>(random.unit() * 2 - 1));
  return tensor;
}

/// A 1x1 convolution in floats, as a kernel does it: a bias, then one product after the other.
std::vector<float> float_conv(const std::vector<float>& in, size_t pixels, const std::vector<float>& weight,
                              const std::vector<float>& bias) {
  const size_t channels = in.size() / pixels;
  std::vector<float> out;
  for (size_t p = 0; p < pixels; ++p)
    for (size_t o = 0; o < bias.size(); ++o) {
      float sum = bias[o];
      for (size_t c = 0; c < channels; ++c) sum = std::fma(in[p * channels + c], weight[o * channels + c], sum);
      out.push_back(sum);
    }
  return out;
}

}  // namespace

TEST_CASE("two convolutions and a relu in floats stay within the bound") {
  Graph graph = from_text(small_spec("5, 5, 64",
                                     {"{id: a, conv: {kernel: 1, out: 48, activation: relu}}",
                                      "{id: b, conv: {kernel: 1, out: 32}}"},
                                     "b"))
                    .graph();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    bind_random(graph, seed);
    const reference::Tensor input = random_tensor({5, 5, 64}, seed);
    const reference::Result result = reference::run(graph, input);
    std::vector<float> values(input.values.begin(), input.values.end());
    double worst = 0;
    const auto compare = [&](NodeId id) {
      for (size_t i = 0; i < values.size(); ++i)
        worst = std::max(
            worst, std::abs(values[i] - result.nodes[static_cast<size_t>(index(id))].values[i]) / result.bound(id, i));
    };
    values = float_conv(values, 25, *graph.constants[0].values, *graph.constants[1].values);
    compare(NodeId{1});
    CHECK(worst < 1);
    CHECK(worst > 1e-3);  // near enough to find a lost product
    for (float& value : values) value = value > 0 ? value : 0;
    values = float_conv(values, 25, *graph.constants[2].values, *graph.constants[3].values);
    compare(NodeId{3});
    CHECK(worst < 1);
  }
}

TEST_CASE("terms add up along the longest way, magnitudes are those of absolute values") {
  Graph graph =
      from_text(small_spec("1, 1, 3",
                           {"{id: a, conv: {kernel: 1, out: 1}}", "{id: r, activation: relu, residual: {scale: 1}}"},
                           "r"))
          .graph();
  graph.constants[0].values = std::make_shared<std::vector<float>>(std::vector<float>{1, -2, 3});
  graph.constants[1].values = std::make_shared<std::vector<float>>(std::vector<float>{-0.5F});
  const reference::Result result = reference::run(graph, {{1, 1, 3}, {1, 1, -1}});
  CHECK(result.nodes[1].values[0] == -4.5);
  CHECK(result.magnitude[1].values[0] == 6.5);
  CHECK(result.terms[1] == 4);
  CHECK(result.nodes[3].values[0] == -4.5);
  CHECK(result.magnitude[3].values[0] == 13);
  CHECK(result.terms[3] == 4 + 8 + 2);
}
