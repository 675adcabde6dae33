// Random networks the whole way: YAML, graph, passes, schedule, C++, clang, and every layer's output compared with the
// double-precision reference of the graph before the passes. A third of them runs on two threads, some with passes off.
//
//   random_networks FIRST COUNT OPTIMISATION FOLDER     seeds FIRST, FIRST + 1, ...; what fails stays in FOLDER
//
// Compiling with -O0 takes a fifth of the time of -O2, runs these small networks as well, and gives the same bits.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "codegen/compile/compile.h"
#include "tests/differential/random_case.h"
#include "tests/differential/random_program.h"

namespace deeper {
namespace {

constexpr uint64_t networks_a_program = 20;

struct Tally {
  int networks = 0, failed = 0, outputs = 0;
  Compared compared;
};

void complain(const RandomCase& one, const std::vector<std::string>& failures, const std::string& folder) {
  const std::string spec = fmt::format("{}/failed_{}.yaml", folder, one.seed);
  std::ofstream(spec) << one.spec;
  fmt::print("seed {}: {} ({} threads, passes off: {})\n", one.seed, spec, one.threads, fmt::join(one.disabled, " "));
  for (const std::string& failure : failures) fmt::print("  {}\n", failure);
}

/// One program's worth of seeds.
void run_seeds(uint64_t first, uint64_t count, const Target& target, const std::string& optimisation,
               const std::string& folder, Tally& tally) {
  std::vector<RandomCase> cases;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    RandomCase one = make_case(seed, target, folder);
    tally.networks += 1;
    if (one.failures.empty()) {
      cases.push_back(std::move(one));
    } else {
      complain(one, one.failures, folder);
      tally.failed += 1;
    }
  }
  std::vector<SeenOutputs> outputs;
  if (!compile_batch(cases, target, folder, optimisation) || !run_batch(cases, folder, outputs)) {
    fmt::print("seeds {} to {}: their program failed; it is in {}\n", first, first + count - 1, folder);
    tally.failed += 1;
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::vector<std::string> failures = compare(cases[i], outputs[i], tally.compared);
    tally.outputs += static_cast<int>(outputs[i].size());
    if (failures.empty()) continue;
    complain(cases[i], failures, folder);
    tally.failed += 1;
  }
}

int run_all(uint64_t first, uint64_t count, const std::string& optimisation, const std::string& folder) {
  const Target* target = host_target();
  if (target == nullptr) {
    fmt::print("no target suits this machine\n");
    return 1;
  }
  std::filesystem::create_directories(folder);
  Tally tally;
  for (uint64_t seed = first; seed < first + count; seed += networks_a_program)
    run_seeds(seed, std::min(networks_a_program, first + count - seed), *target, optimisation, folder, tally);
  fmt::print(
      "{} random networks for {}: {} outputs, {} values, {} failed; largest difference {:.1f} standard deviations\n",
      tally.networks, target->name, tally.outputs, tally.compared.values, tally.failed, tally.compared.largest);
  return tally.failed == 0 && tally.compared.values > 0 ? 0 : 1;
}

}  // namespace
}  // namespace deeper

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: {} FIRST COUNT OPTIMISATION FOLDER\n", argv[0]);
    return 2;
  }
  return deeper::run_all(strtoull(argv[1], nullptr, 10), strtoull(argv[2], nullptr, 10), argv[3], argv[4]);
}
