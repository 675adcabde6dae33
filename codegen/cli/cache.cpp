#include "codegen/cli/cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "codegen/cli/progress.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/system.h"
#include "codegen/compile/version.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = getenv(name);
  return value != nullptr ? value : "";
}

// As the XDG base directory specification has it: an absolute path, else below the home folder.
std::string cache_folder(Diagnostics& diagnostics) {
  const std::string cache = variable("XDG_CACHE_HOME"), home = variable("HOME");
  if (cache.starts_with('/')) return cache + "/deeper";
  if (home.starts_with('/')) return home + "/.cache/deeper";
  diagnostics.error("output-folder", {}, "no folder for what is built: neither XDG_CACHE_HOME nor HOME names one");
  return "";
}

// Labels go into the weights file, so their text counts and not their name.
std::string labels_text(const Options& options, const NetworkSpec& spec) {
  std::string text, reason;
  for (const std::string& option : options.labels)
    text += option + "\n" + read_file(option.substr(option.find('=') + 1), reason).value_or("") +
            read_file(option, reason).value_or("");
  for (const Head& head : spec.heads)
    if (!head.labels.empty())
      text += read_file((fs::path(spec.file).parent_path() / head.labels).string(), reason).value_or("");
  return text;
}

std::string cache_key(const Options& options, const NetworkSpec& spec, const std::string& weights_hash,
                      const Target& target, const Toolchain& tools) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{} {}\n", tool_build_id(), tools.version, weights_hash, target.name,
                                 options.threads_max, options.embed);
  for (const std::string& head : options.heads) text += "head " + head + "\n";
  for (const std::string& pass : options.disabled_passes) text += "without " + pass + "\n";
  return hex_sha256(text + hex_sha256(labels_text(options, spec)) + print_yaml(spec)).substr(0, 32);
}

bool complete(const std::string& folder) { return access((folder + "/manifest.json").c_str(), R_OK) == 0; }

// How programs for the target run here, the program's own path last to come.
std::vector<std::string> command_prefix(const Target& target, Diagnostics& diagnostics) {
  const auto prefix = runner(target);
  if (prefix) return *prefix;
  diagnostics.error("target-unavailable", {}, fmt::format("programs for {} do not run here", target.name)).help =
      "`deeper targets` tells what does";
  return {};
}

void build_into(const std::string& folder, Checked checked, ArtifactOptions how, const Sources& sources,
                Diagnostics& diagnostics) {
  if (!can_build(*how.target, diagnostics)) return;
  Progress progress;
  how.progress = [&](std::string_view stage, double part) { progress.show(stage, part); };
  how.keep_existing = true;
  const Lowered lowered = lower(std::move(checked), how, sources, diagnostics);
  if (!diagnostics.has_errors()) write_artifact(lowered, how, folder, diagnostics);
}

}  // namespace

CachedProgram cached_program(const Options& options, Sources& sources, Diagnostics& diagnostics) {
  CachedProgram result;
  const std::vector<const Target*> chosen = chosen_targets(options, diagnostics);
  if (chosen.size() > 1) diagnostics.error("unknown-target", {}, "one --target at a time can be run");
  if (diagnostics.has_errors()) return result;
  const ArtifactOptions how = artifact_options(options, chosen[0], diagnostics);
  if (diagnostics.has_errors()) return result;
  std::vector<std::string> command = command_prefix(*how.target, diagnostics);
  const Toolchain tools = find_toolchain(diagnostics);
  const std::string root = cache_folder(diagnostics);
  result.checked = check_spec(options.spec, how.parse, how.build, sources, diagnostics);
  if (diagnostics.has_errors()) return result;
  const std::string weights_hash = hash_of_weights(options.weights, diagnostics);
  if (diagnostics.has_errors()) return result;
  const NetworkSpec& spec = result.checked.spec;
  result.folder = fmt::format("{}/{}-{}", root, spec.name, cache_key(options, spec, weights_hash, *how.target, tools));
  if (!complete(result.folder)) build_into(result.folder, result.checked, how, sources, diagnostics);
  if (diagnostics.has_errors()) return result;
  result.command = std::move(command);
  result.command.push_back(result.folder + "/" + spec.name);
  return result;
}

}  // namespace deeper
