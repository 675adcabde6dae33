// Folding a norm with ordinary numbers: within the rounding of one float a weight.
#include <catch2/catch.hpp>

#include <cmath>

#include "codegen/passes/fold_batch_norm.h"
#include "tests/reference/random_source.h"
#include "tests/reference/reference.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

TEST_CASE("folded weights are rounded once") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    TestNetwork network = from_text(
        small_spec("6, 6, 7",
                   {"{id: c, conv: {kernel: 3, out: 9, bias: true, batch_norm: {eps: 1.0e-5}}}",
                    "{id: p, max_pool: {kernel: 2, stride: 2}}", "{id: n, batch_norm: {eps: 1.0e-3, gamma: false}}"},
                   "n"));
    REQUIRE(network.diagnostics.all().empty());
    Graph graph = network.graph();
    bind_random(graph, seed);
    reference::RandomSource random(seed);
    reference::Tensor input{{6, 6, 7}, {}};
    for (int i = 0; i < 6 * 6 * 7; ++i) input.values.push_back(static_cast<float>(random.unit() * 2 - 1));
    const reference::Result before = reference::run(graph, input);
    const Graph folded = fold_batch_norm(graph);
    const reference::Result after = reference::run(folded, input);
    const size_t last = folded.nodes.size() - 1;
    REQUIRE(std::holds_alternative<Affine>(folded.nodes[last].op));
    const auto& magnitude = after.magnitude[last].values;
    for (size_t i = 0; i < magnitude.size(); ++i) {
      const double difference = std::abs(before.nodes.back().values[i] - after.nodes[last].values[i]);
      // a weight, a bias, and the affine's two numbers: each within half a unit of its own
      REQUIRE(difference <= 3 * 0x1p-24 * magnitude[i]);
    }
  }
}

TEST_CASE("a fold without values is a fold of the structure") {
  TestNetwork network =
      from_text(small_spec("6, 6, 7", {"{id: c, conv: {kernel: 3, out: 9, batch_norm: {eps: 1.0e-5}}}"}, "c"));
  const Graph folded = fold_batch_norm(network.graph());
  REQUIRE(folded.nodes.size() == 2);
  CHECK(folded.nodes[1].path == "c");
  CHECK(folded.nodes[1].visible);
  CHECK(std::get<Conv2d>(folded.nodes[1].op).bias != ConstantId::none);
  for (const Constant& constant : folded.constants) CHECK(constant.values == nullptr);
  CHECK(folded.bindings.empty());
}
