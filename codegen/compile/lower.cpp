#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "codegen/compile/artifact.h"
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

// Nothing without a hash: then there are no weights.
void bind(Graph& graph, const NetworkSpec& spec, const WeightStore& weights, Diagnostics& diagnostics) {
  if (weights.hash.starts_with(random_prefix)) {
    if (const auto seed = random_seed(weights.hash, diagnostics)) bind_random(graph, *seed);
  } else if (!weights.hash.empty()) {
    bind_weights(graph, spec, weights, diagnostics);
  }
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

WeightStore read_weights(const std::string& weights, Diagnostics& diagnostics) {
  if (!weights.starts_with(random_prefix)) return read_safetensors(weights, diagnostics);
  WeightStore store;
  store.file = weights;
  if (random_seed(weights, diagnostics)) store.hash = weights;
  return store;
}

Graph bound_graph(const Checked& checked, const WeightStore& weights, Diagnostics& diagnostics) {
  Graph graph = checked.built.graph;
  bind(graph, checked.spec, weights, diagnostics);
  return graph;
}

Lowered lower(const std::string& spec, const ArtifactOptions& options, Sources& sources, Diagnostics& diagnostics) {
  return lower(check_spec(spec, options.parse, options.build, sources, diagnostics), options, sources, diagnostics);
}

Lowered lower(Checked checked, const ArtifactOptions& options, const Sources& sources, Diagnostics& diagnostics) {
  WeightStore weights;
  if (!options.weights.empty() && !diagnostics.has_errors()) weights = read_weights(options.weights, diagnostics);
  return lower(std::move(checked), options, weights, sources, diagnostics);
}

Lowered lower(Checked checked, const ArtifactOptions& options, const WeightStore& weights, const Sources& sources,
              Diagnostics& diagnostics) {
  constexpr const char* our_mistake = "this is a mistake of deeper's, not yours: please report it with the spec";
  Lowered lowered;
  lowered.checked = std::move(checked);
  check_passes(options.passes.disabled, diagnostics);
  if (diagnostics.has_errors()) return lowered;
  Graph graph = std::move(lowered.checked.built.graph);
  bind(graph, lowered.checked.spec, weights, diagnostics);
  lowered.weights_hash = weights.hash;
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
  if (!options.name.empty()) lowered.schedule.network = options.name;
  if (const std::string broken = verify(lowered.schedule); !broken.empty())
    diagnostics.error("internal-verify", {}, "in the schedule: " + broken).help = our_mistake;
  check_schedule(lowered.schedule, lowered.graph, options.build.limits, diagnostics);
  return lowered;
}

}  // namespace deeper
