// The reference on numbers that are worked out by hand.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/reference/reference.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

using Values = std::vector<double>;
using Weights = std::map<std::string, std::vector<float>>;

/// The output of one layer (id `it`) on a given input.
Values run(const std::string& shape, const std::string& layer, const Values& input, const Weights& weights = {}) {
  TestNetwork network = from_text(small_spec(shape, {"{id: it, " + layer + "}"}, "it"));
  INFO(network.messages());
  REQUIRE(network.diagnostics.all().empty());
  Graph& graph = network.graph();
  for (Constant& constant : graph.constants)
    constant.values = std::make_shared<std::vector<float>>(weights.at(constant.path.substr(3)));
  const reference::Result result = reference::run(graph, {graph.nodes[0].shape, input});
  return result.nodes[static_cast<size_t>(index(graph.heads[0].output))].values;
}

void near(const Values& got, const Values& wanted) {
  REQUIRE(got.size() == wanted.size());
  for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(wanted[i]).margin(1e-12));
}

}  // namespace

TEST_CASE("convolution: window, stride, padding") {
  // 3x3 map, one channel; 2x2 window (weights 1 2 3 4, stored out x in x h x w as out x h x w x in), bias 10
  near(run("3, 3, 1", "conv: {kernel: 2, out: 1}", {1, 2, 3, 4, 5, 6, 7, 8, 9},
           {{"weight", {1, 2, 3, 4}}, {"bias", {10}}}),
       {47, 57, 77, 87});
  near(run("3, 3, 1", "conv: {kernel: 2, stride: 2, pad: [1, 1, 0, 0], out: 1, bias: false}",
           {1, 2, 3, 4, 5, 6, 7, 8, 9}, {{"weight", {1, 2, 3, 4}}}),
       {4, 18, 2 * 4 + 4 * 7, 1 * 5 + 2 * 6 + 3 * 8 + 4 * 9});
  near(run("3, 3, 1", "conv: {kernel: 2, dilation: 2, out: 1, bias: false}", {1, 2, 3, 4, 5, 6, 7, 8, 9},
           {{"weight", {1, 2, 3, 4}}}),
       {1 + 6 + 21 + 36});
}

TEST_CASE("convolution: channels and groups") {
  near(run("1, 1, 2", "conv: {kernel: 1, out: 3, bias: false}", {10, 1}, {{"weight", {1, 2, 3, 4, 5, 6}}}),
       {12, 34, 56});
  near(run("1, 1, 4", "conv: {kernel: 1, out: 2, groups: 2, bias: false}", {1, 10, 100, 1000},
           {{"weight", {1, 2, 3, 4}}}),
       {21, 4300});
  near(run("1, 2, 2", "separable_conv: {kernel: [1, 2], out: 1, depth_multiplier: 1, bias: false}", {1, 2, 3, 4},
           {{"depthwise/weight", {1, 10, 1, 100}}, {"pointwise/weight", {1, 1}}}),
       {31 + 402});
}

TEST_CASE("dense layers read their map in rows, columns, channels") {
  near(run("1, 2, 2", "dense: {out: 1, flatten: hwc, bias: false}", {1, 2, 3, 4}, {{"weight", {1, 10, 100, 1000}}}),
       {4321});
}

TEST_CASE("max pools see the pixels that exist; averages count as they are told") {
  const Values map{-1, -2, -3, -4, -5, -6, -7, -8, -9};
  near(run("3, 3, 1", "max_pool: {kernel: 3, stride: 2, pad: 1}", map), {-1, -2, -4, -5});
  near(run("3, 3, 1", "average_pool: {kernel: 3, stride: 2, pad: 1}", map), {-3, -4, -6, -7});
  near(run("3, 3, 1", "average_pool: {kernel: 3, stride: 2, pad: 1, average: include_pad}", map),
       {-12 / 9.0, -16 / 9.0, -24 / 9.0, -28 / 9.0});
  // rounding up, the last window hangs over: what is beyond the padded input is never counted
  near(run("4, 1, 1", "average_pool: {kernel: [3, 1], stride: [2, 1], rounding: ceil}", {1, 2, 3, 4}), {2, 3.5});
  near(run("4, 1, 1", "average_pool: {kernel: [3, 1], stride: [2, 1], rounding: ceil, average: include_pad}",
           {1, 2, 3, 4}),
       {2, 3.5});
  near(run("2, 2, 1", "global_pool: {kind: average}", {1, 2, 3, 6}), {3});
  near(run("2, 2, 1", "global_pool: {kind: max}", {1, 2, 3, 6}), {6});
}

TEST_CASE("lrn sums squares over its channels and divides alpha by size") {
  near(run("1, 1, 3", "lrn: {size: 3, alpha: 3, beta: 1, k: 1}", {1, 2, 3}), {1 / 6.0, 2 / 15.0, 3 / 14.0});
  near(run("1, 1, 3", "lrn: {size: 3, alpha: 3, beta: 1, k: 1, alpha_mode: per_element}", {1, 2, 3}),
       {1 / 16.0, 2 / 43.0, 3 / 40.0});
  near(run("1, 1, 3", "lrn: {size: 2, alpha: 2, beta: 0.5, k: 0}", {1, 2, 3}),
       {1 / std::sqrt(5), 2 / std::sqrt(13), 1});
  near(run("1, 1, 3", "lrn: {size: 2, alpha: 2, beta: 0.5, k: 0, window: pytorch}", {1, 2, 3}),
       {1, 2 / std::sqrt(5), 3 / std::sqrt(13)});
  const Values five{1, 2, 3, 4, 5};
  near(run("1, 1, 5", "lrn: {size: 4, alpha: 4, beta: 1, k: 1}", five), {1 / 15., 2 / 31., 3 / 55., 4 / 51., 5 / 42.});
  near(run("1, 1, 5", "lrn: {size: 4, alpha: 4, beta: 1, k: 1, window: pytorch}", five),
       {1 / 6., 2 / 15., 3 / 31., 4 / 55., 5 / 51.});
  near(run("1, 1, 5", "lrn: {size: 3, alpha: 3, beta: 1, k: 1, window: pytorch}", five),
       run("1, 1, 5", "lrn: {size: 3, alpha: 3, beta: 1, k: 1, window: onnx}", five));
}

TEST_CASE("batch norm") {
  near(run("1, 1, 2", "batch_norm: {eps: 1}", {5, 5},
           {{"gamma", {2, 3}}, {"beta", {1, -1}}, {"mean", {1, 7}}, {"var", {3, 0}}}),
       {5, -7});
  near(run("1, 1, 1", "batch_norm: {eps: 1, gamma: false}", {5}, {{"beta", {1}}, {"mean", {1}}, {"var", {3}}}), {3});
}

TEST_CASE("softmax, l2 normalisation") {
  near(run("1, 1, 2", "softmax: {}", {1000, 1000 + std::log(3)}), {0.25, 0.75});  // no overflow
  near(run("1, 1, 2", "l2_normalize: {}", {3, -4}), {0.6, -0.8});
  near(run("1, 1, 2", "l2_normalize: {eps: 10}", {3, -4}), {0.3, -0.4});
  near(run("1, 1, 2", "l2_normalize: {}", {0, 0}), {0, 0});
}

TEST_CASE("activations") {
  const auto at = [](const std::string& kind, double x) { return run("1, 1, 1", "activation: " + kind, {x})[0]; };
  CHECK(at("relu", -2) == 0);
  CHECK(at("relu6", 7) == 6);
  CHECK(at("{leaky_relu: 0.1}", -2) == Approx(-0.2));
  CHECK(at("sigmoid", 0) == 0.5);
  CHECK(at("sigmoid", -std::log(3)) == Approx(0.25));
  CHECK(at("tanh", std::log(2)) == Approx(0.6));
  CHECK(at("silu", std::log(3)) == Approx(0.75 * std::log(3)));
  CHECK(at("hard_swish", 1) == Approx(4 / 6.0));
  CHECK(at("hard_swish", -4) == 0);
  CHECK(at("hard_swish", 4) == 4);
}

TEST_CASE("residuals scale what they add, then activate; concats stand side by side") {
  near(run("1, 1, 2", "batch_norm: {eps: 1, gamma: false}, residual: {scale: 0.5, activation: relu}", {4, -4},
           {{"beta", {0, 0}}, {"mean", {0, 0}}, {"var", {3, 3}}}),
       {5, 0});
  near(run("1, 2, 1", "branches: {a: [], b: [{max_pool: {kernel: [1, 2], stride: 1, pad: same_tf}}], c: []}", {1, 2}),
       {1, 2, 1, 2, 2, 2});
}

TEST_CASE("an epilogue acts slice by slice, in order") {
  TestNetwork network = from_text(small_spec("1, 1, 1", {"{id: it, conv: {kernel: 1, out: 3}}"}, "it"));
  Graph& graph = network.graph();
  graph.constants[0].values = std::make_shared<std::vector<float>>(std::vector<float>{1, -1, 2});
  graph.constants[1].values = std::make_shared<std::vector<float>>(3);
  graph.constants.push_back({"s", {2}, {}, true, std::make_shared<std::vector<float>>(std::vector<float>{3, 4}), {}});
  graph.constants.push_back({"b", {2}, {}, true, std::make_shared<std::vector<float>>(std::vector<float>{-1, 1}), {}});
  EpilogueOp relu, affine, add;
  relu.kind = EpilogueOp::Kind::activation;
  relu.activation.kind = ActivationKind::relu;
  affine.kind = EpilogueOp::Kind::affine;
  affine.scale = ConstantId{2};
  affine.bias = ConstantId{3};
  add.kind = EpilogueOp::Kind::add;
  add.operand = 1;
  add.factor = 10;
  graph.nodes[1].inputs.push_back(NodeId{0});
  graph.nodes[1].epilogues = {{0, 1, {add}}, {1, 3, {relu, affine}}};
  const reference::Result result = reference::run(graph, {{1, 1, 1}, {5}});
  near(result.nodes[1].values, {5 + 10 * 5, 0 * 3 - 1, 10 * 4 + 1});
  near(reference::run_node(graph, NodeId{1}, {{{1, 1, 1}, {5}}, {{1, 1, 1}, {5}}}).nodes[0].values,
       result.nodes[1].values);
}
