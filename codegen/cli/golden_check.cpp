// deeper golden check: do the recorded outputs still come out? A failure names the first step that differs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "codegen/cli/golden_report.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/compile/files.h"
#include "codegen/compile/interrupt.h"
#include "dsl/print_yaml.h"
#include "dsl/text.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct GoldenCheckOptions {
  Options common;
  std::string goldens;
};

/// A goldens file and where it is.
struct Recorded {
  GoldenFile file;
  std::string path, folder;
};

// The same network with the same parameters, or an error.
void check_facts(const Recorded& recorded, const NetworkSpec& spec, Diagnostics& diagnostics) {
  if (recorded.file.network != spec.name)
    diagnostics.error(
        "bad-goldens", {},
        fmt::format("{} holds for the network {}, this is {}", recorded.path, recorded.file.network, spec.name));
  for (const ParamValue& param : spec.params)
    for (const auto& [name, value] : recorded.file.params)
      if (name == param.name && value != param.value)
        diagnostics.error(
            "bad-goldens", {},
            fmt::format("{} holds for {}={}, this is {}={}", recorded.path, name, value, name, param.value));
}

std::string goldens_path(const GoldenCheckOptions& options, const NetworkSpec& spec, Diagnostics& diagnostics) {
  if (!options.goldens.empty()) return options.goldens;
  if (!spec.goldens.empty()) return (fs::path(spec.file).parent_path() / spec.goldens).string();
  diagnostics.error("bad-goldens", spec.name_range, "the network has no `goldens:`").help =
      "`--goldens FILE` names them";
  return "";
}

// Everything that can be told before something is compiled. A network that is wrong is told by the build.
std::optional<Recorded> read_recorded(const GoldenCheckOptions& options, const NetworkSpec& spec, Sources& sources,
                                      Diagnostics& diagnostics) {
  Recorded recorded;
  recorded.path = goldens_path(options, spec, diagnostics);
  auto file = recorded.path.empty()
                  ? std::nullopt
                  : read_goldens(recorded.path, sources, diagnostics, options.goldens.empty() ? spec.file : "");
  if (!file) return std::nullopt;
  recorded.file = std::move(*file);
  const fs::path parent = fs::path(recorded.path).parent_path();
  recorded.folder = parent.empty() ? "." : parent.string();
  check_facts(recorded, spec, diagnostics);
  return recorded;
}

// What has changed in the spec since the goldens were recorded.
std::vector<Change> changes_of_spec(const Recorded& recorded, const NetworkSpec& spec, const LayerPlaces& places) {
  if (recorded.file.spec.empty() || recorded.file.spec_hash == spec_hash(spec)) return {};
  std::string reason;
  const auto then = read_file(recorded.folder + "/" + recorded.file.spec, reason);
  return then ? spec_changes(print_identity(spec), *then, places) : std::vector<Change>();
}

// Only asked when something differs.
std::vector<Change> changes_of_tensors(const Recorded& recorded, const CachedProgram& program,
                                       const LayerPlaces& places, Diagnostics& diagnostics) {
  if (recorded.file.tensors.empty()) return {};
  Sources own;
  const auto then = read_tensors(recorded.folder + "/" + recorded.file.tensors, own, diagnostics);
  if (!then) return {};
  const Graph graph = bound_graph(program.checked, program.weights, diagnostics);
  return diagnostics.has_errors() ? std::vector<Change>() : tensor_changes(graph, *then, places);
}

// The layers of each step, which the schedule knows; nothing is compiled for it.
std::map<std::string, std::vector<std::string>> layers_of_steps(const Options& options, const Checked& checked,
                                                                const Sources& sources) {
  std::map<std::string, std::vector<std::string>> layers;
  Diagnostics ignored;  // what is wrong has been told by the build
  ArtifactOptions how = artifact_options(options, chosen_targets(options, ignored)[0], ignored);
  how.weights.clear();
  if (ignored.has_errors()) return layers;
  for (const ScheduledStep& step : lower(checked, how, sources, ignored).schedule.steps)
    for (const StepOutput& output : step.outputs) layers[output.path] = output.layers;
  return layers;
}

// Layers that were not there, as `spec_changes` tells them.
std::set<std::string> added_layers(const std::vector<Change>& changes) {
  std::set<std::string> added;
  for (const Change& change : changes)
    if (change.text == was_not_there) added.insert(change.layer);
  return added;
}

int print_report(const std::vector<Verdict>& verdicts, const NetworkSpec& spec, const Findings& findings,
                 const Sources& sources, bool json) {
  Diagnostics failures;
  int failed = 0;
  Json out = {{"deeper", 1}, {"passed", 0}, {"failed", 0}, {"goldens", Json::array()}};
  for (const Verdict& verdict : verdicts) {
    if (!verdict.ok) tell(verdict, spec, findings, failures);
    failed += verdict.ok ? 0 : 1;
    out["goldens"].push_back(to_json(verdict, spec, findings, sources));
  }
  if (failed > 0) tell_rest(verdicts, findings, failures);
  report(failures, sources, false);
  const int passed = int(verdicts.size()) - failed;
  out["passed"] = passed;
  out["failed"] = failed;
  print_page(json ? json_text(out) : fmt::format("{}: {} of {} goldens hold\n", spec.name, passed, verdicts.size()));
  return failed > 0 ? status_check_failed : status_done;
}

// A network that no longer builds with its weights: what has changed since it did is worth knowing.
int report_unbuilt(const std::vector<Change>& changes, const Options& options, const Sources& sources,
                   Diagnostics& diagnostics) {
  for (size_t i = 0; i < std::min<size_t>(changes.size(), 10); ++i)
    diagnostics.note(
        "golden-differs", changes[i].range,
        fmt::format("changed since the goldens were recorded: {}: {}", ticked(changes[i].layer), changes[i].text));
  return report(diagnostics, sources, options.json);
}

// Runs every golden; where one fails, completes the findings, which takes reading the weights and a schedule.
std::vector<Verdict> check_all(const Recorded& recorded, const Options& options, const CachedProgram& program,
                               const Sources& sources, Findings& findings, Diagnostics& diagnostics) {
  const std::set<std::string> added = added_layers(findings.changes);
  std::vector<Verdict> verdicts;
  for (const Golden& golden : recorded.file.goldens) {
    if (diagnostics.has_errors()) return verdicts;
    if (auto verdict = check_golden(program, golden, recorded.folder, added, diagnostics))
      verdicts.push_back(std::move(*verdict));
  }
  if (std::all_of(verdicts.begin(), verdicts.end(), [](const Verdict& v) { return v.ok; })) return verdicts;
  findings.known = !recorded.file.spec.empty() && !recorded.file.tensors.empty();
  findings.layers = layers_of_steps(options, program.checked, sources);
  for (Change& change : changes_of_tensors(recorded, program, findings.places, diagnostics))
    findings.changes.push_back(std::move(change));
  return verdicts;
}

int run_golden_check(const GoldenCheckOptions& options) {
  Sources sources;
  Diagnostics diagnostics, early;
  const ParseOptions how{options.common.set};
  const NetworkSpec spec = parse(options.common.spec, how, sources, early);
  const auto recorded = early.has_errors() ? std::nullopt : read_recorded(options, spec, sources, diagnostics);
  if (diagnostics.has_errors()) return report(diagnostics, sources, options.common.json);
  const CachedProgram program = cached_program(options.common, sources, diagnostics);
  const InterruptGuard guard;
  const LayerPlaces places(spec);
  Findings findings{places, {}, true, {}, program.checked.built.layers};
  if (recorded) findings.changes = changes_of_spec(*recorded, spec, places);
  if (diagnostics.has_errors() || !recorded)
    return report_unbuilt(findings.changes, options.common, sources, diagnostics);
  const std::vector<Verdict> verdicts = check_all(*recorded, options.common, program, sources, findings, diagnostics);
  if (const int status = report(diagnostics, sources, options.common.json); status != status_done) return status;
  return print_report(verdicts, spec, findings, sources, options.common.json);
}

}  // namespace

Subcommand add_golden_check(CLI::App& app) {
  CLI::App* sub = app.add_subcommand(
      "check", "do the recorded outputs still come out? A failure names the first step that differs");
  const auto options = std::make_shared<GoldenCheckOptions>();
  add_spec_options(*sub, options->common);
  add_build_options(*sub, options->common);
  sub->add_option("--goldens", options->goldens,
                  "what `deeper golden record` wrote (default: the network's `goldens:`)")
      ->type_name("FILE");
  return {sub,
          "Examples:\n"
          "  deeper golden check net.yaml --weights net.safetensors\n"
          "  deeper golden check net.yaml --weights net.safetensors --goldens goldens/net.goldens.yaml --target "
          "x86-64-v3 --json\n\n",
          [options] { return run_golden_check(*options); }};
}

}  // namespace deeper
