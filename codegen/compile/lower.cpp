#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "codegen/compile/artifact.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/ir/limits.h"
#include "codegen/ir/verify.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr std::string_view random_prefix = "random:";

// SEED of "random:SEED"; a diagnostic when it is none.
std::optional<uint64_t> random_seed(const std::string& weights, Diagnostics& diagnostics) {
  uint64_t seed = 0;
  const char *begin = weights.data() + random_prefix.size(), *end = weights.data() + weights.size();
  const auto [at, error] = std::from_chars(begin, end, seed);
  if (error == std::errc() && at == end) return seed;
  diagnostics.error("bad-weights-option", {}, fmt::format("--weights {}: the seed is no whole number", weights)).help =
      "`random:1`";
  return std::nullopt;
}

// Returns the hash that stands for the weights.
std::string bind_named(const NetworkSpec& spec, Graph& graph, const std::string& weights, Diagnostics& diagnostics) {
  if (weights.starts_with(random_prefix)) {
    if (const auto seed = random_seed(weights, diagnostics)) bind_random(graph, *seed);
    return weights;
  }
  const int before = diagnostics.error_count();
  const WeightStore store = read_safetensors(weights, diagnostics);
  if (diagnostics.error_count() > before) return "";
  bind_weights(graph, spec, store, diagnostics);
  return store.hash;
}

void check_passes(const std::vector<std::string>& disabled, Diagnostics& diagnostics) {
  const std::vector<std::string_view> known = pass_names();
  for (const std::string& name : disabled)
    if (std::find(known.begin(), known.end(), name) == known.end())
      diagnostics.error("unknown-pass", {}, fmt::format("--disable-pass {}: there is no pass of that name", name))
          .help = suggestion(name, known, "passes");
}

// What the target makes of it: channels padded to whole vectors, borders. Told before any of it is in memory.
void check_schedule(const Schedule& schedule, const Graph& graph, const SizeLimits& limits, Diagnostics& diagnostics) {
  const int64_t weights = schedule.weights_floats * 4, arena = schedule.arena_floats * 4;
  if (weights > limits.weight_bytes)
    too_large({},
              fmt::format("the weights of {} take {} on {}", schedule.network, size_in_gb(weights), schedule.target),
              weights, "--max-weights", limits.weight_bytes, diagnostics);
  if (arena <= limits.arena_bytes) return;
  const auto largest = std::max_element(graph.nodes.begin(), graph.nodes.end(), [](const Node& a, const Node& b) {
    return a.shape.elements().value() < b.shape.elements().value();
  });
  too_large(largest->range,
            fmt::format("the activations of {} take {}, the largest of them here", schedule.network, size_in_gb(arena)),
            arena, "--max-arena", limits.arena_bytes, diagnostics);
}

}  // namespace

std::string hash_of_weights(const std::string& weights, Diagnostics& diagnostics) {
  if (weights.starts_with(random_prefix)) return random_seed(weights, diagnostics) ? weights : std::string();
  std::string reason;
  const auto bytes = read_file(weights, reason, most_weights_bytes);
  if (bytes) return hex_sha256(*bytes);
  diagnostics.error("weights-unreadable", {}, fmt::format("cannot read {}: {}", weights, reason));
  return "";
}

Graph bound_graph(const Checked& checked, const std::string& weights, Diagnostics& diagnostics) {
  Graph graph = checked.built.graph;
  bind_named(checked.spec, graph, weights, diagnostics);
  return graph;
}

Lowered lower(const std::string& spec, const ArtifactOptions& options, Sources& sources, Diagnostics& diagnostics) {
  return lower(check_spec(spec, options.parse, options.build, sources, diagnostics), options, sources, diagnostics);
}

Lowered lower(Checked checked, const ArtifactOptions& options, const Sources& sources, Diagnostics& diagnostics) {
  constexpr const char* our_mistake = "this is a mistake of deeper's, not yours: please report it with the spec";
  Lowered lowered;
  lowered.checked = std::move(checked);
  check_passes(options.passes.disabled, diagnostics);
  if (diagnostics.has_errors()) return lowered;
  Graph graph = std::move(lowered.checked.built.graph);
  if (!options.weights.empty())
    lowered.weights_hash = bind_named(lowered.checked.spec, graph, options.weights, diagnostics);
  if (diagnostics.has_errors()) return lowered;

  PassOptions passes = options.passes;
  passes.diagnostics = &diagnostics;
  lowered.graph = optimize(std::move(graph), passes);
  if (diagnostics.has_errors()) return lowered;
  if (const std::string broken = verify(lowered.graph); !broken.empty()) {
    diagnostics.error("internal-verify", {}, "after the passes: " + broken).help = our_mistake;
    return lowered;
  }
  const NetworkSpec& network = lowered.checked.spec;
  ScheduleOptions how;
  how.threads_max = options.threads_max;
  how.spec_hash = spec_hash(network);
  how.preprocess = network.preprocess ? &*network.preprocess : nullptr;
  how.sources = &sources;
  how.embed = options.embed;
  lowered.schedule = schedule(lowered.graph, *options.target, how);
  if (const std::string broken = verify(lowered.schedule); !broken.empty())
    diagnostics.error("internal-verify", {}, "in the schedule: " + broken).help = our_mistake;
  check_schedule(lowered.schedule, lowered.graph, options.build.limits, diagnostics);
  return lowered;
}

}  // namespace deeper
