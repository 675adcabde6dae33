// Schedules of all networks of the zoo and of random ones, for all targets, with every pass and without each.
#include <catch2/catch.hpp>
#include <filesystem>

#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/reference/random_graph.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

std::vector<std::string> zoo() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(DEEPER_SOURCE_DIR "/dsl/networks"))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

void check_all_targets(const Graph& graph, const std::string& what) {
  for (const Target& target : targets()) {
    const std::string wrong = verify(schedule(graph, target, {}));
    INFO(what << " for " << target.name);
    CHECK(wrong == "");
  }
}

TEST_CASE("the zoo can be scheduled, whatever pass is switched off") {
  for (const std::string& name : zoo()) {
    TestNetwork network = from_zoo(name);
    REQUIRE(network.messages() == "");
    check_all_targets(optimize(network.graph(), {}), name);
    for (const std::string_view pass : pass_names())
      check_all_targets(optimize(network.graph(), {{std::string(pass)}, {}}), name + " without " + std::string(pass));
    PassOptions none;
    for (const std::string_view pass : pass_names()) none.disabled.emplace_back(pass);
    check_all_targets(optimize(network.graph(), none), name + " without any pass");
  }
}

TEST_CASE("random networks can be scheduled") {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    TestNetwork network = from_text(random_spec(seed));
    REQUIRE(network.messages() == "");
    PassOptions options;
    if (seed % 2 == 1) options.disabled.emplace_back(pass_names()[seed / 2 % pass_names().size()]);
    check_all_targets(optimize(network.graph(), options), "seed " + std::to_string(seed));
  }
}

TEST_CASE("GoogLeNet: no concat runs, the arena is small, every layer can be seen") {
  TestNetwork network = from_zoo("googlenet");
  const Graph graph = optimize(network.graph(), {});
  for (const Target& target : targets()) {
    const Schedule s = schedule(graph, target, {});
    CHECK(s.arena_floats * 4 <= 8'000'000);
    size_t outputs = 0;
    int64_t macs = 0;
    for (const ScheduledStep& step : s.steps) {
      CHECK((step.algorithm == "copy") == (step.name == "input"));
      CHECK_FALSE(step.reasons.empty());
      outputs += step.outputs.size();
      macs += step.macs;
    }
    CHECK(macs == 1'582'671'872);
    CHECK(outputs == 8 + 9 * 8 + 6);  // stem, modules, pools and head (dropout shows its input's value)
  }
}

}  // namespace
}  // namespace deeper
