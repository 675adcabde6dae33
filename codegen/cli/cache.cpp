#include "codegen/cli/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "codegen/cli/progress.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/interrupt.h"
#include "codegen/compile/replace_file.h"
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
  const std::string parent = cache.starts_with('/') ? cache : home.starts_with('/') ? home + "/.cache" : "";
  if (parent.empty()) {
    diagnostics.error("output-folder", {}, "no folder for what is built: neither XDG_CACHE_HOME nor HOME names one");
    return "";
  }
  std::error_code error;
  fs::create_directories(parent, error);
  const std::string folder = parent + "/deeper";
  mkdir(folder.c_str(), 0700);  // trained weights are nobody else's business; where it fails, writing into it tells
  return folder;
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

// What the code depends on; of the weights it only knows the shapes.
std::string code_key(const Options& options, const NetworkSpec& spec, const Target& target, const Toolchain& tools) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n", tool_build_id(), tools.version, target.name, options.threads_max);
  for (const std::string& head : options.heads) text += "head " + head + "\n";
  for (const std::string& pass : options.disabled_passes) text += "without " + pass + "\n";
  return hex_sha256(text + print_yaml(spec)).substr(0, 32);
}

// How programs for the target run here, the program's own path last to come.
std::vector<std::string> command_prefix(const Target& target, Diagnostics& diagnostics) {
  const auto prefix = runner(target);
  if (prefix) return *prefix;
  diagnostics.error("target-unavailable", {}, fmt::format("programs for {} do not run here", target.name)).help =
      "`deeper targets` tells what does";
  return {};
}

// Entries that nobody used for a month go.
void remove_old(const std::string& root) {
  std::error_code error;
  const auto limit = fs::file_time_type::clock::now() - std::chrono::hours(24 * 30);
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->path().filename().string().starts_with(".")) continue;
    if (at->last_write_time(ignored) < limit && !ignored) fs::remove_all(at->path(), ignored);
  }
}

void mark_used(const std::string& entry) { utimensat(AT_FDCWD, entry.c_str(), nullptr, 0); }

void build_program(const std::string& folder, const Checked& checked, ArtifactOptions how, const Sources& sources,
                   Diagnostics& diagnostics) {
  if (!can_build(*how.target, diagnostics)) return;
  Progress progress;
  how.progress = [&](std::string_view stage, double part) { progress.show(stage, part); };
  how.weights.clear();
  const Lowered lowered = lower(checked, how, sources, diagnostics);
  if (!diagnostics.has_errors()) write_artifact(lowered, how, folder, diagnostics);
}

void build_weights(const std::string& file, const Checked& checked, const ArtifactOptions& how, const Sources& sources,
                   Diagnostics& diagnostics) {
  const Lowered lowered = lower(checked, how, sources, diagnostics);
  if (diagnostics.has_errors()) return;
  const std::string bytes = weights_file(lowered, how, diagnostics);
  const InterruptGuard guard;
  if (diagnostics.has_errors()) return;
  if (const std::string reason = replace_file(file, bytes); !reason.empty())
    diagnostics.error("output-folder", {}, fmt::format("cannot write {}: {}", file, reason));
}

/// Where an entry of the cache is, and how it is run.
struct Entry {
  std::string root, folder, weights;
  std::vector<std::string> prefix;
  ArtifactOptions how;
};

// Everything that a build needs, checked; diagnostics when something is missing.
Entry find_entry(const Options& options, Checked& checked, Sources& sources, Diagnostics& diagnostics) {
  Entry entry;
  const std::vector<const Target*> chosen = chosen_targets(options, diagnostics);
  if (chosen.size() > 1) diagnostics.error("unknown-target", {}, "one --target at a time can be run");
  if (diagnostics.has_errors()) return entry;
  entry.how = artifact_options(options, chosen[0], diagnostics);
  if (diagnostics.has_errors()) return entry;
  entry.how.for_cache = true;
  entry.how.embed = false;
  entry.prefix = command_prefix(*entry.how.target, diagnostics);
  const Toolchain tools = find_toolchain(diagnostics);
  entry.root = cache_folder(diagnostics);
  checked = check_spec(options.spec, entry.how.parse, entry.how.build, sources, diagnostics);
  if (diagnostics.has_errors()) return entry;
  const std::string weights_hash = hash_of_weights(options.weights, diagnostics);
  const std::string key = code_key(options, checked.spec, *entry.how.target, tools);
  entry.folder = fmt::format("{}/{}-{}", entry.root, checked.spec.name, key);
  const std::string weights_key = hex_sha256(key + weights_hash + labels_text(options, checked.spec)).substr(0, 32);
  entry.weights = fmt::format("{}/{}-{}.weights", entry.root, checked.spec.name, weights_key);
  return entry;
}

}  // namespace

CachedProgram cached_program(const Options& options, Sources& sources, Diagnostics& diagnostics) {
  CachedProgram result;
  const Entry entry = find_entry(options, result.checked, sources, diagnostics);
  if (diagnostics.has_errors()) return result;
  const bool weights_there = access(entry.weights.c_str(), R_OK) == 0;
  const bool program_there = access((entry.folder + "/manifest.json").c_str(), R_OK) == 0;
  if (!weights_there || !program_there) remove_old(entry.root);
  if (!weights_there)
    build_weights(entry.weights, result.checked, entry.how, sources, diagnostics);  // soon tells what is wrong
  if (!program_there && !diagnostics.has_errors())
    build_program(entry.folder, result.checked, entry.how, sources, diagnostics);
  if (diagnostics.has_errors()) return result;
  mark_used(entry.folder);
  mark_used(entry.weights);
  result.command = entry.prefix;
  for (const std::string& word :
       {entry.folder + "/" + result.checked.spec.name, std::string("--weights"), entry.weights})
    result.command.push_back(word);
  return result;
}

}  // namespace deeper
