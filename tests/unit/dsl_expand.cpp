#include "dsl/expand.h"

#include <catch2/catch.hpp>

#include "tests/unit/dsl_support.h"

using namespace deeper;
using dsl_test::given;
using dsl_test::ids_of;
using dsl_test::layer_at;
using dsl_test::network;
using dsl_test::op_at;
using dsl_test::parse;
using dsl_test::parse_ok;
using dsl_test::paths;

namespace {

const std::string conv = "conv: {kernel: 1, out: 4}";

const Branches& branches_at(const NetworkSpec& spec, const std::string& path) {
  return std::get<Branches>(layer_at(spec, path).body);
}

}  // namespace

TEST_CASE("a use becomes one layer that holds the block's branches") {
  const auto spec =
      parse_ok(network("  - {id: m, use: b, with: {n: 8}, expect: {params: 1}}\n",
                       "blocks:\n  b:\n    args: {n: int, k: {type: int, default: 3}}\n    join: add\n    branches:\n"
                       "      x: [{conv: {kernel: $k, out: $n}}]\n      y: []\n"));
  const Branches& branches = branches_at(spec, "m");
  REQUIRE(branches.branches.size() == 2);
  CHECK(branches.join == Branches::Join::add);
  CHECK(branches.branches[0].name == "x");
  CHECK(branches.branches[1].layers.empty());
  CHECK(op_at<ConvLayer>(spec, "m/x").out == 8);
  CHECK(op_at<ConvLayer>(spec, "m/x").kernel == Size2{3, 3});
  CHECK(given(layer_at(spec, "m").expect.params).value == 1);
}

TEST_CASE("a block with layers becomes a single branch of that name") {
  const auto spec =
      parse_ok(network("  - {id: m, use: b}\n", "blocks: {b: {layers: [{id: x, " + conv + "}, {softmax: {}}]}}\n"));
  const Branches& branches = branches_at(spec, "m");
  REQUIRE(branches.branches.size() == 1);
  CHECK(branches.branches[0].name == "layers");
  CHECK(paths(branches.branches[0].layers) == "m/x m/softmax");
}

TEST_CASE("blocks use blocks; arguments go down one level at a time") {
  const auto spec =
      parse_ok(network("  - {id: m, use: outer, with: {n: 8}}\n",
                       "blocks:\n  outer: {args: {n: int}, layers: [{id: i, use: inner, with: {k: $n * 2}}]}\n"
                       "  inner: {args: {k: int}, layers: [{id: x, conv: {kernel: 1, out: $k}}]}\n"));
  CHECK(op_at<ConvLayer>(spec, "m/i/x").out == 16);
}

TEST_CASE("the way into a block can be followed back") {
  const auto parsed =
      parse(network("  - {id: m, use: outer, repeat: 2}\n",
                    "blocks:\n  outer: {layers: [{id: i, use: inner}]}\n  inner: {layers: [{id: x, " + conv + "}]}\n"));
  const Layer& x = layer_at(parsed.spec, "m_2/i/x");
  std::vector<std::string> way;
  for (int at = x.range.trace; at >= 0; at = parsed.sources.expansions()[at].parent)
    way.push_back(parsed.sources.expansions()[at].what);
  CHECK(way == std::vector<std::string>{"block `inner`", "block `outer`", "repeat 2 of 2"});
  CHECK(x.range.line == 6);
}

TEST_CASE("repeat writes a layer or a use out") {
  const auto spec = parse_ok(network(
      "  - {id: a, " + conv + ", repeat: 3}\n  - {id: m, use: b, repeat: 2}\n  - {id: one, " + conv + ", repeat: 1}\n",
      "blocks: {b: {layers: [{id: x, " + conv + "}]}}\n"));
  CHECK(paths(spec.layers) == "a_1 a_2 a_3 m_1(m_1/x) m_2(m_2/x) one_1");
}

TEST_CASE("a repeat's first round reads `in`, the others the round before") {
  const auto spec = parse_ok(
      network("  - {id: a, " + conv + "}\n  - {id: b, " + conv + "}\n  - {id: c, in: a, " + conv + ", repeat: 2}\n"));
  CHECK(layer_at(spec, "c_1").in == "a");
  CHECK(layer_at(spec, "c_2").in.empty());
}

TEST_CASE("repeat counts by parameter") {
  const auto spec = parse_ok(network("  - {id: a, " + conv + ", repeat: $n}\n", "params: {n: 2}\n"), {"n=4"});
  CHECK(spec.layers.size() == 4);
}

TEST_CASE("which block is used can be a parameter; none of them is unused") {
  const std::string text = network("  - {id: m, use: $kind}\n",
                                   "params: {kind: {one_of: [small, large], default: small}}\n"
                                   "blocks:\n  small: {layers: [{id: s, " +
                                       conv + "}]}\n  large: {layers: [{id: l, " + conv + "}]}\n");
  CHECK(paths(parse_ok(text).layers) == "m(m/s)");
  CHECK(paths(parse_ok(text, {"kind=large"}).layers) == "m(m/l)");
}

TEST_CASE("forks inside branches") {
  const auto spec =
      parse_ok(network("  - id: c\n    branches:\n      x: [{" + conv + "}]\n      y:\n        - {id: reduce, " + conv +
                       "}\n"
                       "        - branches: {y1: [{" +
                       conv + "}], y2: [{" + conv + "}]}\n"));
  CHECK(paths(spec.layers) == "c(x | reduce concat(y1 | y2))");
  CHECK_FALSE(layer_at(spec, "concat").named);
}

TEST_CASE("a layer that cannot be read leaves doubt in its place, and nothing else") {
  const auto parsed = parse(network("  - {id: a, conv: {kernel: 1}}\n  - {id: b, in: a, " + conv +
                                        "}\n  - {id: m, use: nothing}\n  - {id: c, in: m, " + conv + "}\n",
                                    "heads: {main: {from: c}}\n"));
  CHECK(ids_of(parsed) == "missing-key unknown-block");
  CHECK(paths(parsed.spec.layers) == "a b m c");
  CHECK(layer_at(parsed.spec, "a").in == unknown_path);
  CHECK(layer_at(parsed.spec, "b").in.empty());
  CHECK(layer_at(parsed.spec, "m").in == unknown_path);
}

TEST_CASE("a mistake in a block used nine times is told once") {
  std::string layers;
  for (int i = 0; i < 9; ++i) layers += "  - {id: m" + std::to_string(i) + ", use: b}\n";
  const auto parsed = parse(network(layers, "blocks: {b: {layers: [{id: x, conv: {kernal: 1, out: 0}}]}}\n"));
  CHECK(ids_of(parsed) == "out-of-range unknown-key");
  CHECK(parsed.diagnostics.error_count() == 2);
}

TEST_CASE("bounds of an expansion") {
  const std::string most = std::to_string(max_layers);
  CHECK(ids_of(parse(network("  - {id: a, " + conv + ", repeat: " + most + "}\n"))).empty());
  CHECK(ids_of(parse(network("  - {id: a, " + conv + ", repeat: " + most + "}\n  - {id: b, " + conv + "}\n"))) ==
        "too-many-layers");
}
