// The networks of dsl/networks against the published counts of parameters and multiply-adds.
#include <catch2/catch.hpp>

#include "codegen/ir/verify.h"
#include "codegen/passes/pipeline.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

int64_t params(const TestNetwork& network, const std::string& prefix) {
  Size sum = 0;
  for (const LayerRow& row : network.checked.built.layers)
    if (row.path.starts_with(prefix)) sum += row.cost.params;
  return sum.value();
}

}  // namespace

TEST_CASE("GoogLeNet has the published counts") {
  TestNetwork network = from_zoo("googlenet");
  INFO(network.messages());
  REQUIRE_FALSE(network.diagnostics.has_errors());
  CHECK(network.checked.built.total.params.value() == 6'998'552);
  CHECK(network.checked.built.total.macs.value() == 1'582'671'872);
  CHECK(params(network, "inception_5b") == 1'444'080);
  CHECK(network.graph().node(find(network.graph(), "inception_5b")).shape == Shape{7, 7, 1024});
  CHECK(verify(network.graph()).empty());
}

TEST_CASE("GoogLeNet with its auxiliary classifiers has the published count") {
  TestNetwork network = from_zoo("googlenet", {{"aux1", "aux2"}});
  INFO(network.messages());
  REQUIRE_FALSE(network.diagnostics.has_errors());
  CHECK(network.checked.built.total.params.value() == 6'998'552);
  CHECK(params(network, "aux1/") == 3'188'840);
  CHECK(params(network, "aux2/") == 3'190'888);
  CHECK(params(network, "") == 13'378'280);
  REQUIRE(network.graph().heads.size() == 3);
  CHECK(network.graph().heads[0].name == "main");
}

TEST_CASE("every network of the zoo builds and survives the passes") {
  for (const char* name : {"fashion", "googlenet", "inception_naive", "inception_reduced"}) {
    TestNetwork network = from_zoo(name);
    INFO(name << "\n" << network.messages());
    REQUIRE_FALSE(network.diagnostics.has_errors());
    PassOptions options;
    std::string broken;
    options.after = [&](std::string_view pass, const Graph& graph) {
      if (broken.empty() && !verify(graph).empty()) broken = std::string(pass) + ": " + verify(graph);
    };
    const Graph graph = optimize(network.graph(), options);
    CHECK(broken == "");
    CHECK(verify(graph).empty());
    for (const Node& node : graph.nodes)
      if (const auto* concat = std::get_if<Concat>(&node.op))
        CHECK((concat->elided || std::string(name) == "inception_naive"));
  }
}
