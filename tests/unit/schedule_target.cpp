// The target table and the table of CPU features: what holds of every row.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "codegen/schedule/cpu_features.h"
#include "codegen/schedule/target.h"
#include "runtime/cpu.h"

namespace deeper {
namespace {

const CpuFeature* find_feature(std::string_view name) {
  for (const CpuFeature& feature : cpu_features())
    if (feature.name == name) return &feature;
  return nullptr;
}

std::string names_of(const std::vector<const CpuFeature*>& features) {
  std::string text;
  for (const CpuFeature* feature : features) text += (text.empty() ? "" : " ") + std::string(feature->name);
  return text;
}

TEST_CASE("a feature implies only features before it") {
  std::set<std::string_view> before;
  for (const CpuFeature& feature : cpu_features()) {
    INFO(feature.name);
    for (const std::string_view implied : feature.implies) CHECK(before.count(implied) == 1);
    CHECK(before.insert(feature.name).second);
  }
}

TEST_CASE("the runtime asks for each feature by the same name, one bit each") {
  uint64_t seen = 0;
  std::set<std::string_view> asked;
  for (const rt::cpu::Name& name : rt::cpu::names) {
    INFO(name.text);
    CHECK((seen & name.feature) == 0);
    seen |= name.feature;
    asked.insert(name.text);
  }
  for (const CpuFeature& feature : cpu_features()) {
    INFO(feature.name);
    CHECK(asked.count(feature.name) == (feature.llvm.empty() ? 0 : 1));
  }
}

TEST_CASE("what a target requires is known, with all that it implies") {
  for (const Target& target : targets()) {
    INFO(target.name);
    for (const std::string_view name : target.required) CHECK(find_feature(name) != nullptr);
    CHECK(with_implied(target.required).empty() == target.required.empty());
  }
  CHECK(names_of(with_implied(find_target("x86-64-v3")->required)) ==
        "sse3 ssse3 cx16 sse4_1 sse4_2 popcnt lahf avx f16c fma movbe bmi avx2 bmi2 lzcnt");
  const std::string_view wide[] = {"vlen256"};
  CHECK(names_of(with_implied(wide)) == "rvv vlen256");
  CHECK(with_implied({}).empty());
}

TEST_CASE("no two rows share a runtime namespace, whatever sets them apart") {
  std::set<std::string> names;
  for (const Target& target : targets()) CHECK(names.insert(runtime_namespace(target)).second);
  Target tuned = *find_target("x86-64-v4");
  tuned.name = "znver4";
  CHECK(names.insert(runtime_namespace(tuned)).second);
  Target wide = *find_target("riscv64");
  wide.vector_bytes = 32;
  CHECK(names.insert(runtime_namespace(wide)).second);
  CHECK(runtime_namespace(*find_target("x86-64-v3")) == "v1_x86_64_v3_32");
}

TEST_CASE("a CPU is asked for features, not for a target's name") {
  CHECK(rt::cpu_lacks(0) == 0);
  const uint64_t foreign = rt::cpu::all(rt::cpu::rvv, rt::cpu::avx512f);  // no CPU has both
  CHECK(rt::cpu_lacks(foreign) != 0);
  CHECK((rt::cpu_lacks(foreign) & ~foreign) == 0);
  CHECK(rt::cpu_lacks(rt::cpu_features()) == 0);
}

TEST_CASE("every target fills whole rows") {
  for (const Target& target : targets()) {
    INFO(target.name);
    CHECK(target.triple.find("-linux-gnu") != std::string_view::npos);
    CHECK(target.lanes(4) * 4 == target.vector_bytes);
    CHECK(target.registers >= 16);
    CHECK(target.l1_bytes < target.l2_bytes);
    const std::vector<std::string> flags = compile_flags(target);
    for (const char* exact : {"-ffp-contract=off", "-fno-math-errno", "-std=c++20"})
      CHECK(std::count(flags.begin(), flags.end(), exact) == 1);
    for (const std::string_view flag : target.flags)
      CHECK(std::count(flags.begin(), flags.end(), std::string(flag)) == 1);
    CHECK(target.emulator.empty() == target.sysroot.empty());
  }
}

}  // namespace
}  // namespace deeper
