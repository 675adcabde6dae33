// deeper targets: what can be built and run here, and what is missing for the rest.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/compile/system.h"
#include "codegen/schedule/cpu_features.h"

namespace deeper {
namespace {

struct TargetFacts {
  const Target* target;
  std::vector<std::string> missing;
  std::string runs;  ///< "here", "under qemu-aarch64", "" = not on this machine
};

TargetFacts facts_of(const Target& target) {
  TargetFacts facts{&target, missing_for(target), ""};
  const auto prefix = runner(target);
  if (prefix) facts.runs = prefix->empty() ? "here" : fmt::format("under {}", target.emulator.front());
  if (!prefix && !target.emulator.empty() && !same_machine(target))
    facts.missing.push_back("to run: Debian package qemu-user");
  return facts;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::vector<std::string_view> names_of(const std::vector<const CpuFeature*>& features) {
  std::vector<std::string_view> names;
  names.reserve(features.size());
  for (const CpuFeature* feature : features) names.push_back(feature->name);
  return names;
}

bool builds(const TargetFacts& facts) { return missing_for(*facts.target).empty(); }

int run_targets(bool json) {
  Diagnostics diagnostics;
  const Sources sources;
  const Toolchain tools = find_toolchain(diagnostics);
  const Target* host = host_target();
  std::vector<std::vector<std::string>> rows = {{"target", "vector", "registers", "builds", "runs", "missing"}};
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Target& target : targets()) {
    const TargetFacts facts = facts_of(target);
    const std::string name = std::string(target.name) + (&target == host ? " (this machine)" : "");
    rows.push_back({name, fmt::format("{} floats", target.lanes(sizeof(float))), std::to_string(target.registers),
                    builds(facts) ? "yes" : "no", facts.runs.empty() ? "not here" : facts.runs, joined(facts.missing)});
    list.push_back({{"name", target.name},
                    {"host", &target == host},
                    {"builds", builds(facts)},
                    {"runs", facts.runs},
                    {"triple", target.triple},
                    {"flags", compile_flags(target)},
                    {"vector_bytes", target.vector_bytes},
                    {"vector_registers", target.registers},
                    {"l1_bytes", target.l1_bytes},
                    {"l2_bytes", target.l2_bytes},
                    {"cpu_features", names_of(with_implied(target.required))},
                    {"missing", facts.missing}});
  }
  const int status = report(diagnostics, sources, json);
  if (status != status_done) return status;
  if (json) {
    const nlohmann::ordered_json out = {
        {"deeper", 1}, {"cpu", host_cpu()}, {"compiler", tools.version}, {"targets", list}};
    fmt::print("{}", json_text(out));
  } else {
    fmt::print("{}this CPU, as LLVM calls it: {}; compiler: {}\n",
               format_table(rows, {false, true, true, false, false, false}), host_cpu(), tools.version);
  }
  return status;
}

}  // namespace

Subcommand add_targets(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("targets", "what can be built and run here, and what is missing for the rest");
  const auto json = std::make_shared<bool>(false);
  sub->add_flag("--json", *json, "for programs: one JSON object on standard output");
  return {sub, "Examples:\n  deeper targets\n\n", [json] { return run_targets(*json); }};
}

}  // namespace deeper
