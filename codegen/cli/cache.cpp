#include "codegen/cli/cache.h"

#include <fmt/format.h>

#include <filesystem>

#include "codegen/cli/cache_key.h"
#include "codegen/cli/progress.h"
#include "codegen/compile/files.h"
#include "codegen/compile/labels.h"
#include "codegen/compile/system.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

/// All that is built from, each read once.
struct Inputs {
  ArtifactOptions how;
  Checked checked;
  WeightStore weights;
  LabelLists labels;
  EntryTitle program_title, weights_title;
};

// How programs for the target run here, the program's own path last to come.
std::vector<std::string> command_prefix(const Target& target, Diagnostics& diagnostics) {
  const auto prefix = runner(target);
  if (prefix) return *prefix;
  diagnostics.error("target-unavailable", {}, fmt::format("programs for {} do not run here", target.name)).help =
      "`deeper targets` tells what does";
  return {};
}

std::optional<CacheFolder> open_cache(Diagnostics& diagnostics) {
  CacheProblem problem;
  auto cache = CacheFolder::open(problem);
  if (!cache) diagnostics.error("cache-folder", {}, problem.message).help = problem.help;
  return cache;
}

ArtifactOptions one_target(const Options& options, Diagnostics& diagnostics) {
  const std::vector<const Target*> chosen = chosen_targets(options, diagnostics);
  if (chosen.size() > 1) diagnostics.error("unknown-target", {}, "one --target at a time can be run");
  if (diagnostics.has_errors()) return {};
  ArtifactOptions how = artifact_options(options, chosen[0], diagnostics);
  how.embed = false;
  return how;
}

void read_inputs(const Options& options, Inputs& inputs, Sources& sources, Diagnostics& diagnostics) {
  ArtifactOptions& how = inputs.how;
  const Toolchain tools = find_toolchain(diagnostics);
  inputs.checked = check_spec(options.spec, how.parse, how.build, sources, diagnostics);
  if (diagnostics.has_errors()) return;
  inputs.weights = read_weights(options.weights, diagnostics);
  inputs.labels = read_labels(inputs.checked.built.graph, how.labels, inputs.checked.spec.file, diagnostics);
  const std::string name = inputs.checked.spec.name, target(how.target->name);
  const std::string program = hash_of(program_key(how, inputs.checked.spec, tools));
  inputs.program_title = {"program", name, target, program};
  inputs.weights_title = {"weights", name, target, hash_of(WeightsKey{program, inputs.weights.hash, inputs.labels})};
}

// Writes NAME.weights into the folder of an entry.
bool fill_weights(const std::string& entry, const Inputs& inputs, const Sources& sources, Diagnostics& diagnostics) {
  const Lowered lowered = lower(inputs.checked, inputs.how, inputs.weights, sources, diagnostics);
  if (diagnostics.has_errors()) return false;
  if (inputs.how.shows_classes) note_missing_labels(lowered.graph, inputs.labels, diagnostics);
  const std::string file = fmt::format("{}/{}.weights", entry, inputs.checked.spec.name);
  const std::string reason = write_file(file, weights_file(lowered, inputs.labels, ""));
  if (!reason.empty()) diagnostics.error("cache-folder", {}, fmt::format("cannot write {}: {}", file, reason));
  return reason.empty();
}

// Builds the whole folder, and leaves the program of it.
bool fill_program(const std::string& entry, const Inputs& inputs, const CacheFolder& cache, const Sources& sources,
                  Diagnostics& diagnostics) {
  ArtifactOptions how = inputs.how;
  if (!can_build(*how.target, diagnostics)) return false;
  Progress progress;
  how.progress = [&](std::string_view stage, double part) { progress.show(stage, part); };
  how.weights.clear();
  how.cache = &cache;
  const std::string folder = entry + "/build", &name = inputs.checked.spec.name;
  const Lowered lowered = lower(inputs.checked, how, sources, diagnostics);
  if (!diagnostics.has_errors()) write_artifact(lowered, how, folder, diagnostics);
  if (diagnostics.has_errors()) return false;
  std::error_code error;
  fs::rename(fmt::format("{}/{}", folder, name), fmt::format("{}/{}", entry, name), error);
  if (!error) fs::remove_all(folder, error);
  if (error) diagnostics.error("cache-folder", {}, fmt::format("cannot keep {}: {}", name, error.message()));
  return !error;
}

// The entry, made where it is not there; its file is added to what is run.
void use_entry(const CacheFolder& cache, const EntryTitle& title, const std::string& file,
               const std::function<bool(const std::string&)>& fill, CachedProgram& result, Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) return;
  auto entry = cache.find(title);
  std::string reason;
  if (!entry) entry = cache.keep(title, fill, reason);
  if (!entry && !diagnostics.has_errors())
    diagnostics.error("cache-folder", {}, fmt::format("cannot write into {}: {}", cache.path(), reason)).help =
        "set XDG_CACHE_HOME to a folder of yours";
  if (!entry) return;
  result.command.push_back(entry->file(file));
  result.entries.push_back(std::move(*entry));
}

}  // namespace

CachedProgram cached_program(const Options& options, Sources& sources, Diagnostics& diagnostics) {
  CachedProgram result;
  Inputs inputs;
  inputs.how = one_target(options, diagnostics);
  if (diagnostics.has_errors()) return result;
  const std::vector<std::string> prefix = command_prefix(*inputs.how.target, diagnostics);
  const auto cache = open_cache(diagnostics);
  read_inputs(options, inputs, sources, diagnostics);
  result.checked = inputs.checked;
  if (!cache || diagnostics.has_errors()) return result;
  const std::string& name = inputs.checked.spec.name;
  use_entry(  // first: it soon tells what is wrong
      *cache, inputs.weights_title, name + ".weights",
      [&](const std::string& entry) { return fill_weights(entry, inputs, sources, diagnostics); }, result, diagnostics);
  use_entry(
      *cache, inputs.program_title, name,
      [&](const std::string& entry) { return fill_program(entry, inputs, *cache, sources, diagnostics); }, result,
      diagnostics);
  if (diagnostics.has_errors()) return result;
  result.weights = std::move(inputs.weights);
  const std::string weights = result.command[0], program = result.command[1];
  result.command = prefix;
  result.command.insert(result.command.end(), {program, "--weights", weights});
  return result;
}

}  // namespace deeper
