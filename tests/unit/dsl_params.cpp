#include "dsl/params.h"

#include <catch2/catch.hpp>

#include "tests/unit/dsl_support.h"

using namespace deeper;
using dsl_test::given;
using dsl_test::network;
using dsl_test::op_at;
using dsl_test::parse;
using dsl_test::parse_ok;

namespace {

const std::string params =
    "params:\n  n: 8\n  eps: 0.5\n  bias: true\n  act: {one_of: [relu, none], default: relu}\n  k: {type: int, "
    "default: 3}\n";
const std::string layer =
    "  - {id: a, conv: {kernel: $k, out: $n, bias: $bias, activation: $act, batch_norm: {eps: $eps}}}\n";

}  // namespace

TEST_CASE("a parameter stands for a whole value of its type") {
  const auto spec = parse_ok(network(layer, params));
  const auto& conv = op_at<ConvLayer>(spec, "a");
  CHECK(conv.kernel == Size2{3, 3});
  CHECK(conv.out == 8);
  CHECK(conv.bias);
  CHECK(conv.activation.kind == ActivationKind::relu);
  CHECK(given(conv.batch_norm).eps == 0.5);
}

TEST_CASE("--set overrides, and the spec tells so") {
  const auto spec = parse_ok(network(layer, params), {"n=2*8", "act=none", "eps=2", "bias=false"});
  const auto& conv = op_at<ConvLayer>(spec, "a");
  CHECK(conv.out == 16);
  CHECK(conv.activation.kind == ActivationKind::none);
  CHECK(given(conv.batch_norm).eps == 2);
  CHECK_FALSE(conv.bias);
  REQUIRE(spec.params.size() == 5);
  CHECK(spec.params[0].value == "16");
  CHECK(spec.params[0].overridden);
  CHECK(spec.params[4].name == "k");
  CHECK_FALSE(spec.params[4].overridden);
}

TEST_CASE("--set is checked against the declaration") {
  const auto ids = [](const std::string& set) { return dsl_test::ids_of(parse(network(layer, params), {set})); };
  CHECK(ids("n=abc") == "wrong-type");
  CHECK(ids("n=1.5") == "wrong-type");
  CHECK(ids("n=") == "wrong-type");
  CHECK(ids("act=tanh") == "unknown-word");
  CHECK(ids("m=1") == "unknown-parameter");
  CHECK(ids("n") == "bad-set");
  CHECK(ids("=1") == "bad-set");
  CHECK(ids("n=99999999999999") == "out-of-range");
  const auto parsed = parse(network(layer, params), {"n=abc"});
  CHECK(render(parsed.diagnostics, parsed.sources, false) ==
        "--set n=abc: error: `n` takes a value of type int, not the text `abc`\n");
}

TEST_CASE("a number parameter takes whole numbers, an int no fractions") {
  CHECK(parse_ok(network("  - {id: a, lrn: {alpha: $x}}\n", "params: {x: {type: number, default: 1}}\n"), {"x=0.25"})
            .params[0]
            .value == "0.25");
  CHECK(dsl_test::ids_of(parse(network("  - {id: a, conv: {kernel: 1, out: $x * 2}}\n", "params: {x: 0.5}\n"))) ==
        "bad-expression");
}

TEST_CASE("arithmetic with parameters") {
  const auto spec = parse_ok(network("  - {id: a, conv: {kernel: 1, out: ($n + 7) // 8 * 8}}\n", "params: {n: 17}\n"));
  CHECK(op_at<ConvLayer>(spec, "a").out == 24);
}

TEST_CASE("quotes keep a dollar a dollar") {
  CHECK(dsl_test::ids_of(parse(network("  - {id: a, conv: {kernel: 1, out: \"$n\"}}\n", "params: {n: 17}\n"))) ==
        "wrong-type");
  const auto spec = parse_ok(network("  - {id: a, conv: {kernel: 1, out: 4}}\n", "about: costs $5\n"));
  CHECK(spec.about == "costs $5");
}

TEST_CASE("a mistake in a parameter is told once, not where it is read") {
  const std::string reads = "  - {id: a, conv: {kernel: 1, out: $n}}\n  - {id: b, conv: {kernel: 1, out: $n * 2}}\n";
  CHECK(dsl_test::ids_of(parse(network(reads, "params: {n: int}\n"))) == "missing-parameter");
  CHECK(dsl_test::ids_of(parse(network(reads, "params: {n: 8}\n"), {"n=x"})) == "wrong-type");
  CHECK(dsl_test::ids_of(parse(network(reads, "params: {n: [8]}\n"))) == "bad-declaration");
  CHECK(dsl_test::ids_of(parse(network(reads, "params: {n: int}\n"), {"n=4"})).empty());
}

TEST_CASE("expect knows whether it was written with params") {
  const auto spec =
      parse_ok(network("  - {id: a, use: b, with: {n: $n}, expect: {out: [8, 8, $n], params: 32, macs: $n * 192}}\n"
                       "  - {id: c, use: b, with: {n: 8}}\n",
                       "params: {n: 8}\nblocks:\n  b:\n    args: {n: int}\n    layers: [{id: x, conv: {kernel: 1, out: "
                       "$n}, expect: {out: [8, 8, $n]}}]\n"));
  const Expect& expect = dsl_test::layer_at(spec, "a").expect;
  CHECK(given(expect.out).with_params);
  CHECK(given(expect.out).value == std::array<int64_t, 3>{8, 8, 8});
  CHECK_FALSE(given(expect.params).with_params);
  CHECK(given(expect.macs).with_params);
  CHECK(given(expect.macs).value == 1536);
  CHECK(given(dsl_test::layer_at(spec, "a/x").expect.out).with_params);
  CHECK_FALSE(given(dsl_test::layer_at(spec, "c/x").expect.out).with_params);  // its argument is a plain number
}

TEST_CASE("one_of may hold words and numbers; each keeps its kind") {
  const std::string text = network("  - {max_pool: {kernel: 3, stride: 2, pad: $pad}}\n",
                                   "params: {pad: {one_of: [same_tf, 1], default: 1}}\n");
  CHECK(op_at<PoolLayer>(parse_ok(text), "max_pool").pad == Pad{Pad::Mode::numbers, 1, 1, 1, 1});
  CHECK(op_at<PoolLayer>(parse_ok(text, {"pad=same_tf"}), "max_pool").pad.mode == Pad::Mode::same_tf);
  CHECK(dsl_test::ids_of(parse(text, {"pad=2"})) == "unknown-word");
}

TEST_CASE("a choice is the value at the word that a parameter is, of any kind") {
  const std::string declared =
      "params: {world: {one_of: [keras, torch], default: keras}, big: false}\n"
      "weights: {$world: {keras: {layout: hwio, ignore: ['a*']}, torch: {rename: [{from: x, to: y, more: true}]}}}\n";
  const std::string layers =
      "  - {id: a, conv: {kernel: {$big: {true: [3, 1], false: 1}}, out: {$world: {keras: {$big: {true: 5, false: 4}}, "
      "torch: 8}}}, expect: {out: [8, 8, {$world: {keras: 4, torch: 8}}]}}\n";
  const auto keras = parse_ok(network(layers, declared));
  CHECK(op_at<ConvLayer>(keras, "a").out == 4);
  CHECK(keras.layout == WeightLayout::hwio);
  REQUIRE(keras.ignore.size() == 1);
  CHECK(keras.ignore[0].pattern == "a*");
  CHECK(given(keras.layers[0].expect.out).with_params);
  const auto torch = parse_ok(network(layers, declared), {"world=torch", "big=true"});
  CHECK(op_at<ConvLayer>(torch, "a").out == 8);
  CHECK(op_at<ConvLayer>(torch, "a").kernel == Size2{3, 1});
  CHECK(torch.layout == WeightLayout::oihw);
  REQUIRE(torch.rename.size() == 1);
  CHECK(torch.rename[0].more);
}
