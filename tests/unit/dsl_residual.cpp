#include <catch2/catch.hpp>

#include "dsl/parse.h"
#include "tests/unit/dsl_support.h"

using namespace deeper;
using dsl_test::given;
using dsl_test::layer_at;
using dsl_test::network;
using dsl_test::parse_ok;
using dsl_test::paths;

namespace {
std::string conv_of_3() { return "conv: {kernel: 1, out: 3}"; }
}  // namespace

TEST_CASE("a residual of a layer: identity by default") {
  const auto spec = parse_ok(network("  - {id: a, " + conv_of_3() + ", residual: {}}\n"));
  const auto& residual = layer_at(spec, "a").residual;
  CHECK(given(residual).shortcut.empty());
  CHECK(given(residual).scale == 1);
  CHECK(given(residual).activation.kind == ActivationKind::none);
}

TEST_CASE("a residual of a layer: shortcut, scale, activation") {
  const auto spec = parse_ok(network("  - {id: a, " + conv_of_3() + ", residual: {shortcut: [{id: s, " + conv_of_3() +
                                     "}], scale: 0.17, activation: relu}}\n"));
  CHECK(paths(spec.layers) == "a( + s)");
  CHECK(given(layer_at(spec, "a").residual).scale == 0.17);
  CHECK(given(layer_at(spec, "a").residual).activation.kind == ActivationKind::relu);
}

TEST_CASE("a block's residual belongs to the use and sees the block's arguments") {
  const auto spec =
      parse_ok(network("  - {id: m, use: entry, with: {out: 8}, repeat: 2}\n",
                       "blocks:\n  entry:\n    args: {out: int, scale: {type: number, default: 0.5}}\n"
                       "    residual: {shortcut: [{id: shortcut, conv: {kernel: 1, out: $out}}], scale: $scale}\n"
                       "    layers: [{id: x, conv: {kernel: 1, out: $out}}]\n"));
  CHECK(paths(spec.layers) == "m_1(m_1/x + m_1/shortcut) m_2(m_2/x + m_2/shortcut)");
  CHECK(given(layer_at(spec, "m_2").residual).scale == 0.5);
  CHECK(dsl_test::op_at<ConvLayer>(spec, "m_1/shortcut").out == 8);
}

TEST_CASE("a residual at a use names its layers where the use stands") {
  const auto spec = parse_ok(network("  - {id: m, use: b, residual: {shortcut: [{id: s, " + conv_of_3() + "}]}}\n",
                                     "blocks: {b: {layers: [{id: x, " + conv_of_3() + "}]}}\n"));
  CHECK(paths(spec.layers) == "m(m/x + s)");
}

TEST_CASE("a residual of a fork") {
  const auto spec = parse_ok(
      network("  - {id: f, branches: {x: [{" + conv_of_3() + "}], y: []}, join: add, residual: {scale: 2}}\n"));
  CHECK(given(layer_at(spec, "f").residual).scale == 2);
  CHECK(std::get<Branches>(layer_at(spec, "f").body).join == Branches::Join::add);
}
