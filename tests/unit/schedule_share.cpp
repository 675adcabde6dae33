// Steps that run an earlier step's function: which do, how far behind their weights lie, and what is never shared.
#include <catch2/catch.hpp>

#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "codegen/schedule/share_code.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

Schedule schedule_of(const std::vector<std::string>& layers, const std::string& last) {
  TestNetwork network = from_text(small_spec("8, 8, 32", layers, last));
  REQUIRE(network.messages().empty());
  Schedule s = schedule(optimize(network.graph(), {}), *find_target("x86-64-v4"), {});
  REQUIRE(verify(s).empty());
  return s;
}

/// Steps: input, a_1 .. a_5. Each reads what the one before it wrote: two places take turns. Nobody wants a border
/// around the last.
Schedule five_convolutions() {
  return schedule_of({"{id: a, conv: {kernel: 3, pad: same, out: 32}, residual: {scale: 0.5}, repeat: 5}"}, "a_5");
}

std::vector<int> leaders(const Schedule& s) {
  std::vector<int> list;
  list.reserve(s.steps.size());
  for (const ScheduledStep& step : s.steps) list.push_back(step.code.leader);
  return list;
}

bool has_view(const Schedule& s, const std::string& name) {
  return std::any_of(s.views.begin(), s.views.end(), [&](const NamedView& view) { return view.name == name; });
}

TEST_CASE("repeated steps on the same places share one function") {
  const Schedule s = five_convolutions();
  REQUIRE(leaders(s) == std::vector<int>{-1, -1, -1, 1, 2, -1});
  CHECK(s.weights_shift(s.steps[4].code) == 2 * (1 + 9 * 32) * 32);
  CHECK(s.weights_shift(s.steps[2].code) == 0);
  CHECK(s.steps[4].reasons.back() ==
        "runs the code of a_2: the same work on the same places, weights 18,496 floats behind");
  CHECK(s.steps[2].reasons.back() == "also runs for a_4: the same work on the same places, with their weights");
}

TEST_CASE("pools share a function and have no weights") {
  const Schedule s = schedule_of({"{id: a, max_pool: {kernel: 3, stride: 1, pad: same}, repeat: 4}"}, "a_4");
  CHECK(s.steps[4].code == StepCode{2, -1, -1});
  CHECK(s.weights_shift(s.steps[4].code) == 0);
  CHECK(s.steps[4].reasons.back() == "runs the code of a_2: the same work on the same places, no weights");
  CHECK(s.steps[2].reasons.back() == "also runs for a_4: the same work on the same places");
}

TEST_CASE("a long list of followers is told by its ends") {
  const Schedule s = schedule_of({"{id: a, conv: {kernel: 1, out: 32}, residual: {}, repeat: 14}"}, "a_14");
  REQUIRE(s.steps[12].code.leader == 2);
  CHECK(s.steps[2].reasons.back() ==
        "also runs for 6 steps from a_4 to a_14: the same work on the same places, with their weights");
}

TEST_CASE("values of steps that run another one's function can be recorded: they keep their views") {
  const Schedule s =
      schedule_of({"{id: a, separable_conv: {kernel: 3, pad: same, out: 32}, residual: {}, repeat: 5}"}, "a_5");
  const ScheduledStep& follower = s.steps.at(7);
  REQUIRE(follower.code.leader == 3);
  REQUIRE(follower.outputs.size() == 1);
  CHECK(follower.outputs[0].path == "a_4/depthwise");
  for (const int step : {3, 7}) {
    const auto& out = std::get<DepthwiseKernel>(s.steps.at(static_cast<size_t>(step)).kernel).out;
    CHECK(has_view(s, s.buffer(out.buffer).name));
  }
  CHECK(has_view(s, "a_4"));
}

struct Change {
  const char* what;
  void (*make)(Schedule&);
};

ConvKernel& conv(Schedule& s) { return std::get<ConvKernel>(s.steps.at(4).kernel); }
Buffer& out_buffer(Schedule& s) { return s.buffers.at(static_cast<size_t>(index(conv(s).parts.at(0).out.buffer))); }

constexpr Change changes[] = {
    {"units", [](Schedule& s) { s.steps.at(4).units += 1; }},
    {"the window", [](Schedule& s) { conv(s).window.pad_top = 0; }},
    {"taps", [](Schedule& s) { conv(s).taps = {3, 3, 32}; }},
    {"the loops' order", [](Schedule& s) { conv(s).order = LoopOrder::rows_outer; }},
    {"tiles", [](Schedule& s) { conv(s).parts.at(0).tiling.pixels.at(0).size -= 1; }},
    {"the epilogue", [](Schedule& s) { conv(s).parts.at(0).epilogue.clear(); }},
    {"a constant of the epilogue", [](Schedule& s) { conv(s).parts.at(0).epilogue.at(0).factor = 0.25; }},
    {"the operand's place", [](Schedule& s) { conv(s).parts.at(0).epilogue.at(0).operand = conv(s).parts.at(0).out; }},
    {"the output's place", [](Schedule& s) { out_buffer(s).begin += 16; }},
    {"the output's layout", [](Schedule& s) { out_buffer(s).row += 16; }},
    {"zeroed borders", [](Schedule& s) { s.steps.at(4).zero_borders.clear(); }},
    {"a border's width", [](Schedule& s) { out_buffer(s).border_bottom += 1; }},
    {"the kind of step", [](Schedule& s) { s.steps.at(4).kernel = InputKernel{conv(s).parts.at(0).out}; }},
    {"the weights' blocks", [](Schedule& s) { std::get<PackedConv>(s.packed.at(3).content).block_channels = 16; }},
};

TEST_CASE("nothing but the weights' place may differ") {
  REQUIRE(shared_code(five_convolutions(), 2, 4));
  for (const Change& change : changes) {
    Schedule s = five_convolutions();
    change.make(s);
    INFO(change.what);
    CHECK_FALSE(shared_code(s, 2, 4));
  }
}

TEST_CASE("all weights of a step lie at one distance from those of the other") {
  // 48 channels: two tiles of different width, each with its weights
  Schedule s = schedule_of(
      {"{id: a, conv: {kernel: 1, out: 48}}", "{id: b, conv: {kernel: 1, out: 48}, residual: {}, repeat: 4}"}, "b_4");
  REQUIRE(s.steps.at(5).code.leader == 3);
  REQUIRE(std::get<ConvKernel>(s.steps[5].kernel).parts.size() == 2);
  s.packed.at(static_cast<size_t>(std::get<ConvKernel>(s.steps[5].kernel).parts[1].packed)).offset += 16;
  CHECK_FALSE(shared_code(s, 3, 5));
}

TEST_CASE("verify finds a step that cannot run the code it is told to") {
  const StepCode right = five_convolutions().steps.at(4).code;
  for (const StepCode wrong : {StepCode{1, right.weights, 0}, StepCode{5, right.weights, 4}, StepCode{0, -1, -1},
                               StepCode{2, right.weights, right.weights}, StepCode{2, -1, -1}}) {
    Schedule s = five_convolutions();
    s.steps.at(4).code = wrong;
    INFO(wrong.leader << ' ' << wrong.leader_weights);
    CHECK(verify(s).find("step 4") == 0);
  }
  Schedule chain = schedule_of({"{id: a, conv: {kernel: 1, out: 32}, residual: {}, repeat: 6}"}, "a_6");
  REQUIRE(chain.steps.at(6).code.leader == 2);
  chain.steps[6].code = shared_code(chain, 4, 6).value_or(StepCode{});
  CHECK(verify(chain) == "step 6 runs the code of step 4, which has none");
}

}  // namespace
}  // namespace deeper
