// What a subcommand is, and what all of them share: options, errors, exit statuses.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "codegen/compile/artifact.h"
#include "codegen/compile/cache_folder.h"

namespace deeper {

/// LANGUAGE's exit statuses.
enum Status : int {
  status_done = 0,
  status_wrong = 1,
  status_usage = 2,
  status_our_fault = 3,
  status_check_failed = 4
};

struct Subcommand {
  CLI::App* app = nullptr;
  std::string examples;      ///< stand first in --help
  std::function<int()> run;  ///< gives the exit status
};

/// Options of which each command has some.
struct Options {
  std::string spec;
  std::string weights;
  std::string name;  ///< in the place of the network's
  std::vector<std::string> set, heads, labels, targets, disabled_passes;
  std::string dtype = "f32", algorithms = "exact";
  SizeLimits limits;
  int threads_max = 64;
  bool embed = false;
  bool json = false;
  bool no_cache = false;
  bool shows_classes = false;  ///< of `build` and `run`
};

/// SPEC, --set, --head, --json: enough to read and check a network.
void add_spec_options(CLI::App& app, Options& options);
/// --max-weights, --max-arena: of every command that has a network built.
void add_limit_options(CLI::App& app, Options& options);
/// Those and --disable-pass, --threads-max, --target, --dtype, --algorithms: everything a
/// schedule depends on.
void add_schedule_options(CLI::App& app, Options& options);
/// Those and --weights, --labels, --embed.
void add_build_options(CLI::App& app, Options& options);

/// For one target; null stands for the host. A diagnostic when the host fits no row of the target table.
ArtifactOptions artifact_options(const Options& options, const Target* target, Diagnostics& diagnostics);
/// The row of each --target; one null row when none is given. Diagnostics for unknown names.
std::vector<const Target*> chosen_targets(const Options& options, Diagnostics& diagnostics);

/// The cache, unless --no-cache or DEEPER_NO_CACHE says that nothing kept is used. A warning when there is one that is
/// not safe; nothing is said where there is no place for one.
std::optional<CacheFolder> cache_for_build(const Options& options, Diagnostics& diagnostics);

/// Tells everything that was collected: text on standard error, or with `json` the errors as an object on standard
/// output. Returns the exit status.
int report(const Diagnostics& diagnostics, const Sources& sources, bool json);

/// Standard error is a terminal that shows colors, and NO_COLOR is not set.
bool color_on_stderr();

Subcommand add_check(CLI::App& app);
Subcommand add_expand(CLI::App& app);
Subcommand add_draw(CLI::App& app);
Subcommand add_dump(CLI::App& app);
Subcommand add_build(CLI::App& app);
Subcommand add_run(CLI::App& app);
Subcommand add_cache(CLI::App& app);
Subcommand add_golden_record(CLI::App& app);
Subcommand add_golden_check(CLI::App& app);
Subcommand add_bench(CLI::App& app);
Subcommand add_explain(CLI::App& app);
Subcommand add_schema(CLI::App& app);
Subcommand add_targets(CLI::App& app);
Subcommand add_weights(CLI::App& app);

}  // namespace deeper
