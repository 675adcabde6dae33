#include "dsl/field.h"

#include <catch2/catch.hpp>

#include "dsl/layer_fields.h"
#include "tests/unit/dsl_support.h"

using namespace deeper;
using dsl_test::given;

namespace {

/// One layer of a network: `op` is what stands behind the id.
NetworkSpec one(const std::string& op, const std::string& more = {}) {
  return dsl_test::parse_ok(dsl_test::network("  - {id: a, " + op + "}\n", more));
}

template <class L>
L read(const std::string& op, const std::string& more = {}) {
  return dsl_test::op_at<L>(one(op, more), "a");
}

std::string ids(const std::string& op, const std::string& more = {}) {
  return dsl_test::ids_of(dsl_test::parse(dsl_test::network("  - {id: a, " + op + "}\n", more)));
}

}  // namespace

TEST_CASE("conv: defaults of the language") {
  const auto conv = read<ConvLayer>("conv: {kernel: 3, out: 8}");
  CHECK(conv.kernel == Size2{3, 3});
  CHECK(conv.out == 8);
  CHECK(conv.stride == Size2{1, 1});
  CHECK(conv.pad == Pad{});
  CHECK(conv.dilation == Size2{1, 1});
  CHECK(conv.groups == 1);
  CHECK(conv.bias);
  CHECK_FALSE(conv.batch_norm);
  CHECK(conv.pre.kind == ActivationKind::none);
  CHECK(conv.activation.kind == ActivationKind::none);
}

TEST_CASE("conv: every key") {
  const auto conv = read<ConvLayer>(
      "conv: {kernel: [1, 7], out: 8, stride: [2, 1], pad: [1, 2, 3, 4], dilation: 2, groups: 2, pre: silu, bias: "
      "true, "
      "batch_norm: {eps: 1.0e-5, gamma: false}, activation: {leaky_relu: 0.1}}");
  CHECK(conv.kernel == Size2{1, 7});
  CHECK(conv.stride == Size2{2, 1});
  CHECK(conv.pad == Pad{Pad::Mode::numbers, 1, 2, 3, 4});
  CHECK(conv.dilation == Size2{2, 2});
  CHECK(conv.groups == 2);
  CHECK(conv.pre.kind == ActivationKind::silu);
  CHECK(conv.bias);
  CHECK(conv.batch_norm == BatchNormSpec{1e-5, false});
  CHECK(conv.activation == ActivationSpec{ActivationKind::leaky_relu, 0.1});
}

TEST_CASE("pads: one number, two, four, and words") {
  CHECK(read<ConvLayer>("conv: {kernel: 3, out: 8, pad: 3}").pad == Pad{Pad::Mode::numbers, 3, 3, 3, 3});
  CHECK(read<ConvLayer>("conv: {kernel: 3, out: 8, pad: [1, 2]}").pad == Pad{Pad::Mode::numbers, 1, 2, 1, 2});
  CHECK(read<ConvLayer>("conv: {kernel: 3, out: 8, pad: same}").pad.mode == Pad::Mode::same);
  CHECK(read<ConvLayer>("conv: {kernel: 3, out: 8, pad: same_tf}").pad.mode == Pad::Mode::same_tf);
  CHECK(read<ConvLayer>("conv: {kernel: 3, out: 8, pad: valid}").pad.mode == Pad::Mode::valid);
}

TEST_CASE("a batch norm turns the bias off unless it is asked for") {
  CHECK_FALSE(read<ConvLayer>("conv: {kernel: 1, out: 8, batch_norm: {}}").bias);
  CHECK(read<ConvLayer>("conv: {kernel: 1, out: 8, batch_norm: {}, bias: true}").bias);
  CHECK(read<ConvLayer>("conv: {kernel: 1, out: 8, batch_norm: none}").bias);
  CHECK_FALSE(read<ConvLayer>("conv: {kernel: 1, out: 8, bias: false}").bias);
  CHECK_FALSE(read<DenseLayer>("dense: {out: 8, batch_norm: {}}").bias);
  CHECK_FALSE(read<SeparableConvLayer>("separable_conv: {kernel: 3, out: 8, batch_norm: {}}").bias);
  CHECK(read<SeparableConvLayer>("separable_conv: {kernel: 3, out: 8, between_batch_norm: {}}").bias);
}

TEST_CASE("the other layers") {
  const auto separable =
      read<SeparableConvLayer>("separable_conv: {kernel: 3, out: 8, depth_multiplier: 2, between: relu, pre: tanh}");
  CHECK(separable.depth_multiplier == 2);
  CHECK(separable.between.kind == ActivationKind::relu);
  CHECK(separable.pre.kind == ActivationKind::tanh);
  const auto dense = read<DenseLayer>("dense: {out: 10, flatten: hwc, activation: softmax}");
  CHECK(dense.flatten == FlattenOrder::hwc);
  CHECK(dense.activation.kind == ActivationKind::softmax);
  CHECK_FALSE(read<DenseLayer>("dense: {out: 10}").flatten);
  const auto lrn =
      read<LrnLayer>("lrn: {size: 3, alpha: 2.0e-4, beta: 0.5, k: 2, alpha_mode: per_element, window: pytorch}");
  CHECK(lrn.window == LrnWindow::pytorch);
  CHECK(lrn.size == 3);
  CHECK(lrn.alpha == 2e-4);
  CHECK(lrn.beta == 0.5);
  CHECK(lrn.k == 2);
  CHECK(lrn.alpha_mode == AlphaMode::per_element);
  CHECK(read<BatchNormLayer>("batch_norm: {gamma: false}").norm == BatchNormSpec{1e-3, false});
  CHECK(read<ActivationLayer>("activation: hard_swish").activation.kind == ActivationKind::hard_swish);
  CHECK(read<ActivationLayer>("activation: {leaky_relu: 0.3}").activation.slope == 0.3);
  CHECK(read<DropoutLayer>("dropout: {rate: 0.4}").rate == 0.4);
  CHECK(read<L2NormalizeLayer>("l2_normalize: {}").eps == 1e-12);
  CHECK(read<GlobalPoolLayer>("global_pool: {kind: max}").kind == PoolKind::max);
  CHECK(read<GlobalPoolLayer>("global_pool: {}").kind == PoolKind::average);
  read<SoftmaxLayer>("softmax: {}");
}

TEST_CASE("pools: three words, one layer") {
  const auto pool =
      read<PoolLayer>("pool: {kind: average, kernel: 3, stride: 2, pad: 1, rounding: ceil, average: include_pad}");
  CHECK(pool.kind == PoolKind::average);
  CHECK(pool.rounding == Rounding::ceil);
  CHECK(pool.average == AverageCount::include_pad);
  CHECK(read<PoolLayer>("max_pool: {kernel: 3, stride: 2}").kind == PoolKind::max);
  CHECK(read<PoolLayer>("average_pool: {kernel: 3, stride: 2}").kind == PoolKind::average);
  CHECK(ids("pool: {kernel: 3, stride: 2}") == "missing-key");
  CHECK(ids("max_pool: {kind: max, kernel: 3, stride: 2}") == "unknown-key");
  // A max pool has no count; what a parameter may switch on stays without effect.
  CHECK(read<PoolLayer>("pool: {kind: max, kernel: 3, stride: 2, average: include_pad}").average ==
        AverageCount::exclude_pad);
}

TEST_CASE("defaults go by word, the layer's own keys go first") {
  const std::string more =
      "defaults:\n  conv: {pad: same, activation: relu, batch_norm: {eps: 0.5}}\n  pool: {stride: 2, rounding: ceil}\n "
      " max_pool: {stride: 3}\n";
  const auto conv = read<ConvLayer>("conv: {kernel: 3, out: 8, activation: none}", more);
  CHECK(conv.pad.mode == Pad::Mode::same);
  CHECK(conv.activation.kind == ActivationKind::none);
  CHECK(given(conv.batch_norm).eps == 0.5);
  CHECK_FALSE(conv.bias);
  CHECK(read<ConvLayer>("conv: {kernel: 3, out: 8, batch_norm: none}", more).bias);
  CHECK(read<PoolLayer>("max_pool: {kernel: 3}", more).stride == Size2{3, 3});
  CHECK(read<PoolLayer>("max_pool: {kernel: 3}", more).rounding == Rounding::ceil);
  CHECK(read<PoolLayer>("average_pool: {kernel: 3}", more).stride == Size2{2, 2});
  CHECK(read<PoolLayer>("pool: {kind: max, kernel: 3}", more).stride == Size2{2, 2});
  CHECK(read<SeparableConvLayer>("separable_conv: {kernel: 3, out: 8}", more).pad == Pad{});
  CHECK(read<DenseLayer>("dense: {out: 8}", more).activation.kind == ActivationKind::none);
}

TEST_CASE("the places of written keys are kept for build") {
  const NetworkSpec spec = one("conv: {kernel: 3, out: 8}", "defaults:\n  conv: {pad: same}\n");
  const Layer& layer = dsl_test::layer_at(spec, "a");
  CHECK(layer.place("kernel").line == 7);
  CHECK(layer.place("pad").line == 5);
  CHECK(layer.place("groups") == layer.range);
}

TEST_CASE("arithmetic without parameters is a whole number too") {
  CHECK(read<ConvLayer>("conv: {kernel: 1, out: 8 * 4 + 1}").out == 33);
  CHECK(ids("conv: {kernel: 1, out: 8 / 4}") == "bad-expression");
  CHECK(ids("conv: {kernel: 1, out: \"8 * 4\"}") == "wrong-type");
}

TEST_CASE("numbers have bounds") {
  CHECK(read<ConvLayer>("conv: {kernel: 1, out: 1099511627776}").out == int64_t{1} << 40);
  CHECK(ids("conv: {kernel: 1, out: 1099511627777}") == "out-of-range");
  CHECK(ids("conv: {kernel: 1, out: 0}") == "out-of-range");
  CHECK(ids("dropout: {rate: -0.1}") == "out-of-range");
  CHECK(ids("dropout: {rate: .nan}") == "wrong-type");
}
