// deeper golden check: do the recorded outputs still come out? A failure names the first step that differs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/golden_compare.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/measure.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/interrupt.h"
#include "dsl/text.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct GoldenCheckOptions {
  Options common;
  std::string goldens;
};

/// What came of one golden.
struct Verdict {
  std::string input;
  bool ok = true;
  double largest = 0;
  std::string head;  ///< whose largest difference that is: "main", "main.logits"
  std::optional<StepPair> first_step;
  std::optional<int64_t> top1;
};

// Compares one recorded array with what came out now; false when its file cannot be read.
bool compare(const std::string& folder, const std::string& file, const std::string& name, const Array& now,
             double tolerance, Verdict& verdict, Range range, Diagnostics& diagnostics) {
  std::string reason = "not an npy file of float32";
  const auto bytes = read_file(folder + "/" + file, reason);
  const auto then = bytes ? read_npy(*bytes) : std::nullopt;
  if (!then) {
    diagnostics.error("bad-goldens", range, fmt::format("cannot read {}: {}", file, reason));
    return false;
  }
  const Difference found = difference(now, *then);
  if (!allowed(found, tolerance)) verdict.ok = false;
  if (found.largest > verdict.largest || verdict.head.empty()) {
    verdict.largest = std::max(verdict.largest, found.largest);
    verdict.head = name;
  }
  return true;
}

void compare_heads(const Golden& golden, const std::string& folder, const Measured& measured, Verdict& verdict,
                   Diagnostics& diagnostics) {
  for (const GoldenHead& head : golden.heads) {
    const auto now = std::find_if(measured.heads.begin(), measured.heads.end(),
                                  [&](const MeasuredHead& h) { return h.head == head.head; });
    if (now == measured.heads.end()) {
      diagnostics
          .note("bad-goldens", golden.range,
                fmt::format("head `{}` is not built, its golden is not compared", head.head))
          .help = fmt::format("--head {}", head.head);
      continue;
    }
    const std::optional<int64_t> top = top1(*now);
    if (!verdict.top1) verdict.top1 = top;
    if (head.top1 && top != head.top1) verdict.ok = false;
    if (!compare(folder, head.output, head.head, now->output, golden.tolerance, verdict, golden.range, diagnostics))
      return;
    if (!head.logits.empty())
      compare(folder, head.logits, head.head + ".logits", now->logits, golden.tolerance, verdict, golden.range,
              diagnostics);
  }
}

std::optional<Verdict> check_one(const CachedProgram& program, const Golden& golden, const std::string& folder,
                                 Diagnostics& diagnostics) {
  const std::string input = fs::path(golden.input).is_absolute() ? golden.input : folder + "/" + golden.input;
  std::string reason;
  const auto bytes = read_file(input, reason);
  if (!bytes)
    diagnostics.error("bad-goldens", golden.range, fmt::format("cannot read the input {}: {}", input, reason));
  if (bytes && hex_sha256(*bytes) != golden.input_hash)
    diagnostics.error("bad-goldens", golden.range,
                      fmt::format("the input {} is not the file that was recorded", input));
  const Scratch scratch(diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  const auto measured = measure(program, input, golden.pixels, scratch, diagnostics);
  if (!measured) return std::nullopt;
  Verdict verdict;
  verdict.input = golden.input;
  compare_heads(golden, folder, *measured, verdict, diagnostics);
  if (!verdict.ok) verdict.first_step = first_difference(measured->layers, golden);
  return verdict;
}

// The place of a layer in the network's file.
Range place_of(const Checked& checked, const std::string& path) {
  for (const LayerRow& row : checked.built.layers)
    if (row.path == path) return row.range;
  return checked.spec.name_range;
}

void tell(const Verdict& verdict, const CachedProgram& program, Diagnostics& failures) {
  const std::string heads = fmt::format("`{}` differs by {:.3g} at most", verdict.head, verdict.largest);
  if (!verdict.first_step) {
    failures.error("golden-differs", program.checked.spec.name_range,
                   fmt::format("{}: {}, but no step's output does", verdict.input, heads));
    return;
  }
  const auto& [now, then] = *verdict.first_step;
  std::string how = now.mean == then.mean && now.largest == then.largest
                        ? std::string("its bits do, mean and largest value do not")
                        : fmt::format("mean {} was {}, largest {} was {}", number_text(now.mean),
                                      number_text(then.mean), number_text(now.largest), number_text(then.largest));
  Diagnostic& told =
      failures.error("golden-differs", place_of(program.checked, now.path),
                     fmt::format("{}: {} is the first step that differs: {}", verdict.input, ticked(now.path), how));
  told.notes.push_back({{}, heads});
}

Json to_json(const Verdict& verdict, const CachedProgram& program, const Sources& sources) {
  Json out = {{"input", verdict.input}, {"ok", verdict.ok}};
  out["largest_difference"] = std::isfinite(verdict.largest) ? Json(verdict.largest) : Json(nullptr);
  out["first_step"] = nullptr;
  if (verdict.first_step) {
    const auto& [now, then] = *verdict.first_step;
    const Range place = place_of(program.checked, now.path);
    out["first_step"] = {{"path", now.path},
                         {"file", place.file == FileId::none ? program.checked.spec.file : sources.name(place.file)},
                         {"line", place.line},
                         {"mean", now.mean},
                         {"recorded_mean", then.mean},
                         {"largest", now.largest},
                         {"recorded_largest", then.largest}};
  }
  out["top1"] = verdict.top1 ? Json(*verdict.top1) : Json(nullptr);
  return out;
}

// The same parameters, or an error; other weights are only told, since finding what they change is what a check is for.
void check_facts(const GoldenFile& file, const CachedProgram& program, const Options& options, const std::string& path,
                 Diagnostics& diagnostics) {
  const NetworkSpec& spec = program.checked.spec;
  if (file.network != spec.name)
    diagnostics.error("bad-goldens", {},
                      fmt::format("{} holds for the network {}, this is {}", path, file.network, spec.name));
  for (const ParamValue& param : spec.params)
    for (const auto& [name, value] : file.params)
      if (name == param.name && value != param.value)
        diagnostics.error("bad-goldens", {},
                          fmt::format("{} holds for {}={}, this is {}={}", path, name, value, name, param.value));
  if (hash_of_weights(options.weights, diagnostics) != file.weights_hash)
    diagnostics.note("golden-differs", {}, fmt::format("{} was recorded with other weights", path));
  if (spec_hash(spec) != file.spec_hash)
    diagnostics.note("golden-differs", {}, fmt::format("{} was recorded with another spec", path));
}

std::string goldens_path(const GoldenCheckOptions& options, const NetworkSpec& spec, Diagnostics& diagnostics) {
  if (!options.goldens.empty()) return options.goldens;
  if (!spec.goldens.empty()) return (fs::path(spec.file).parent_path() / spec.goldens).string();
  diagnostics.error("bad-goldens", spec.name_range, "the network has no `goldens:`").help =
      "`--goldens FILE` names them";
  return "";
}

std::vector<Verdict> check_all(const GoldenCheckOptions& options, const CachedProgram& program, Sources& sources,
                               Diagnostics& diagnostics) {
  std::vector<Verdict> verdicts;
  const std::string path = goldens_path(options, program.checked.spec, diagnostics);
  const auto file = path.empty() ? std::nullopt : read_goldens(path, sources, diagnostics);
  if (!file) return verdicts;
  check_facts(*file, program, options.common, path, diagnostics);
  const std::string folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path().string() : ".";
  for (const Golden& golden : file->goldens) {
    if (diagnostics.has_errors()) break;
    if (auto verdict = check_one(program, golden, folder, diagnostics)) verdicts.push_back(std::move(*verdict));
  }
  return verdicts;
}

int run_golden_check(const GoldenCheckOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const CachedProgram program = cached_program(options.common, sources, diagnostics);
  const InterruptGuard guard;
  const std::vector<Verdict> verdicts =
      diagnostics.has_errors() ? std::vector<Verdict>() : check_all(options, program, sources, diagnostics);
  if (const int status = report(diagnostics, sources, options.common.json); status != status_done) return status;
  Diagnostics failures;
  int failed = 0;
  Json out = {{"deeper", 1}, {"passed", 0}, {"failed", 0}, {"goldens", Json::array()}};
  for (const Verdict& verdict : verdicts) {
    if (!verdict.ok) tell(verdict, program, failures);
    failed += verdict.ok ? 0 : 1;
    out["goldens"].push_back(to_json(verdict, program, sources));
  }
  report(failures, sources, false);
  const int passed = int(verdicts.size()) - failed;
  out["passed"] = passed;
  out["failed"] = failed;
  if (options.common.json) fmt::print("{}", json_text(out));
  if (!options.common.json)
    fmt::print("{}: {} of {} goldens hold\n", program.checked.spec.name, passed, verdicts.size());
  return failed > 0 ? status_check_failed : status_done;
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
