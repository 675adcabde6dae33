#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "codegen/cli/command.h"
#include "codegen/cli/talk.h"
#include "dsl/network_name.h"
#include "dsl/text.h"

namespace deeper {
namespace {

// One value each time it is given, so that it never swallows what follows.
void repeatable(CLI::App& app, const char* name, std::vector<std::string>& values, const char* value,
                const char* help) {
  app.add_option(name, values, help)->type_name(value)->allow_extra_args(false);
}

}  // namespace

void add_spec_options(CLI::App& app, Options& options) {
  app.add_option("SPEC", options.spec, "the network, a YAML file")->required()->type_name("");
  repeatable(app, "--set", options.set, "P=V", "overrides a parameter of the network; repeatable");
  repeatable(app, "--head", options.heads, "HEAD", "adds an optional head; repeatable");
  app.add_flag("--json", options.json, "for programs: one JSON object on standard output, errors too");
}

void add_limit_options(CLI::App& app, Options& options) {
  const auto limit = [&](const char* name, int64_t& bytes, const char* help) {
    app.add_option(name, bytes, help)->type_name("BYTES")->transform(CLI::AsSizeValue(true).description(""));
  };
  limit("--max-weights", options.limits.weight_bytes, "most that weights may take: 500M, 12G (default 4G)");
  limit("--max-arena", options.limits.arena_bytes, "most that activations may take, with one thread (default 4G)");
}

void add_schedule_options(CLI::App& app, Options& options) {
  add_limit_options(app, options);
  repeatable(app, "--target", options.targets, "T",
             "what to generate for, as `deeper targets` names it (default: this machine); repeatable");
  repeatable(app, "--disable-pass", options.disabled_passes, "PASS", "leaves a rewrite of the graph out; repeatable");
  app.add_option("--threads-max", options.threads_max, "most threads a context may have (default 64)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  app.add_option("--dtype", options.dtype, "type of activations and weights: f32")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"f32"}).description(""));
  app.add_option("--algorithms", options.algorithms, "exact: the same bits on every target")
      ->type_name("A")
      ->check(CLI::IsMember({"exact"}).description(""));
}

void add_build_options(CLI::App& app, Options& options) {
  app.add_option("--weights", options.weights, "a safetensors file, or random:SEED")
      ->required()
      ->type_name("FILE|random:SEED");
  repeatable(app, "--labels", options.labels, "[HEAD=]FILE", "names of the classes, one a line; repeatable");
  add_schedule_options(app, options);
  app.add_flag("--embed", options.embed, "puts the weights into program and library");
}

std::vector<const Target*> chosen_targets(const Options& options, Diagnostics& diagnostics) {
  std::vector<const Target*> chosen;
  for (const std::string& name : options.targets) {
    const Target* target = find_target(name);
    if (target != nullptr) {
      chosen.push_back(target);
      continue;
    }
    std::vector<std::string_view> known;
    for (const Target& each : targets()) known.push_back(each.name);
    diagnostics.error("unknown-target", {}, fmt::format("--target {}: there is no such target", name)).help =
        suggestion(name, known, "targets");
  }
  if (options.targets.empty()) chosen.push_back(nullptr);
  return chosen;
}

ArtifactOptions artifact_options(const Options& options, const Target* target, Diagnostics& diagnostics) {
  ArtifactOptions result;
  result.parse.set = options.set;
  result.build.heads = options.heads;
  result.build.limits = options.limits;
  result.passes.disabled = options.disabled_passes;
  result.weights = options.weights;
  result.labels = options.labels;
  result.name = options.name;
  result.target = target != nullptr ? target : host_target();
  result.threads_max = options.threads_max;
  result.embed = options.embed;
  result.shows_classes = options.shows_classes;
  if (const auto problem = options.name.empty() ? std::nullopt : network_name_problem(options.name))
    diagnostics.error("bad-name", {}, "--name: " + problem->message).help = problem->help;
  if (result.target == nullptr)
    diagnostics.error("unknown-target", {}, "this machine's CPU has what none of the targets needs").help =
        "name one with --target; `deeper targets` lists them";
  return result;
}

std::optional<CacheFolder> cache_for_build(const Options& options, Diagnostics& diagnostics) {
  const char* off = getenv("DEEPER_NO_CACHE");
  if (options.no_cache || (off != nullptr && *off != '\0')) return std::nullopt;
  CacheProblem problem;
  auto cache = CacheFolder::open(problem);
  if (!cache && problem.refused)
    diagnostics.warning("cache-folder", {}, problem.message + "; nothing of it is used").help = problem.help;
  return cache;
}

bool color_on_stderr() {
  const char* terminal = getenv("TERM");
  return isatty(2) == 1 && getenv("NO_COLOR") == nullptr && terminal != nullptr && std::string_view(terminal) != "dumb";
}

int report(const Diagnostics& diagnostics, const Sources& sources, bool json) {
  if (json && diagnostics.has_errors()) {
    fmt::print("{}", to_json(diagnostics, sources));
  } else if (!diagnostics.all().empty()) {
    talk("{}", render(diagnostics, sources, color_on_stderr()));
  }
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.severity == Severity::error && diagnostic.id.starts_with("internal-")) return status_our_fault;
  return diagnostics.has_errors() ? status_wrong : status_done;
}

}  // namespace deeper
