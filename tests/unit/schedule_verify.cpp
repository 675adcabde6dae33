// The verifier: a schedule that is broken in one place is found out.
#include <catch2/catch.hpp>
#include <functional>

#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

Schedule module_schedule() {
  TestNetwork network = from_zoo("inception_reduced");
  return schedule(optimize(network.graph(), {}), *find_target("x86-64-v4"), {});
}

template <class Wanted>
Wanted& first_of(Schedule& s) {
  for (ScheduledStep& step : s.steps)
    if (auto* kernel = std::get_if<Wanted>(&step.kernel)) return *kernel;
  throw std::logic_error("no such step");
}

struct Damage {
  const char* what;
  std::function<void(Schedule&)> make;
};

const Damage damages[] = {
    {"two live buffers in one place", [](Schedule& s) { s.buffers.at(1).begin = s.buffers.at(0).begin; }},
    {"a buffer that begins between cache lines", [](Schedule& s) { s.buffers.at(0).begin += 1; }},
    {"an arena without spare floats", [](Schedule& s) { s.arena_floats -= 64; }},
    {"rows that are too short", [](Schedule& s) { s.buffers.at(1).row -= 1; }},
    {"a border that is too small", [](Schedule& s) { s.buffers.at(1).border_left = 0; }},
    {"a border that nobody zeroes", [](Schedule& s) { s.steps.at(1).zero_borders.clear(); }},
    {"a border zeroed late", [](Schedule& s) { std::swap(s.steps.at(1).zero_borders, s.steps.at(2).zero_borders); }},
    {"a buffer read after its life", [](Schedule& s) { s.buffers.at(0).last_step = 1; }},
    {"a head that does not live to the end",
     [](Schedule& s) { s.buffers.at(static_cast<size_t>(index(s.heads.at(0).output.buffer))).last_step -= 1; }},
    {"a slice outside its buffer", [](Schedule& s) { first_of<ConvKernel>(s).parts.at(0).out.channel += 1000; }},
    {"channels written twice",
     [](Schedule& s) { std::get<ConvKernel>(s.steps.at(2).kernel).parts.at(0).out.channel -= 16; }},
    {"stores into a neighbour's channels", [](Schedule& s) { first_of<ConvKernel>(s).parts.at(0).stored += 16; }},
    {"a tile left out", [](Schedule& s) { first_of<ConvKernel>(s).parts.at(0).tiling.pixels.at(0).count -= 1; }},
    {"a tile that does not fit the registers", [](Schedule& s) { s.registers = 16; }},
    {"units that leave a gap", [](Schedule& s) { first_of<ConvKernel>(s).parts.back().first_unit += 1; }},
    {"a unit too many", [](Schedule& s) { s.steps.at(2).units += 1; }},
    {"blocks too few", [](Schedule& s) { first_of<ConvKernel>(s).parts.at(0).blocks -= 1; }},
    {"another part's weights",
     [](Schedule& s) { first_of<ConvKernel>(s).parts.at(0).packed = first_of<ConvKernel>(s).parts.back().packed; }},
    {"taps joined over a gap", [](Schedule& s) { std::get<ConvKernel>(s.steps.at(2).kernel).taps = {1, 1, 864}; }},
    {"a tap left out", [](Schedule& s) { std::get<ConvKernel>(s.steps.at(2).kernel).taps.columns -= 1; }},
    {"weights with a gap", [](Schedule& s) { s.packed.at(1).offset += 16; }},
    {"a blob that is too small", [](Schedule& s) { s.weights_floats = 16; }},
    {"a pool row left out", [](Schedule& s) { first_of<PoolKernel>(s).rows.pop_back(); }},
    {"a pool window outside the map", [](Schedule& s) { first_of<PoolKernel>(s).columns.at(0).first -= 1; }},
    {"a step without units", [](Schedule& s) { s.steps.at(0).units = 0; }},
};

TEST_CASE("verify finds every kind of damage") {
  REQUIRE(verify(module_schedule()) == "");
  for (const Damage& damage : damages) {
    Schedule s = module_schedule();
    damage.make(s);
    INFO(damage.what);
    CHECK(verify(s) != "");
  }
}

}  // namespace
}  // namespace deeper
