#include "tests/differential/random_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

#include "codegen/emit/emit.h"
#include "codegen/ir/check.h"
#include "codegen/ir/verify.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "codegen/weights/store.h"
#include "tests/differential/rounding.h"
#include "tests/reference/random_graph.h"

namespace deeper {
namespace {

/// Every third case on two threads, every fourth with a random half of the passes off.
void choose_settings(RandomCase& one, std::mt19937_64& random) {
  one.threads = one.seed % 3 == 0 ? 2 : 1;
  if (one.seed % 4 != 1) return;
  for (const std::string_view pass : pass_names())
    if (random() % 2 == 0) one.disabled.emplace_back(pass);
}

void make_input(RandomCase& one, const Shape& shape, std::mt19937_64& random) {
  one.input.shape = shape;
  for (int64_t i = 0; i < shape.elements().value(); ++i)  // uniform in [-2, 2), exact as floats
    one.input.values.push_back(static_cast<float>(static_cast<double>(random() >> 40) / (1 << 22) - 2));
}

/// Text to graph with weights; false and the reasons in `failures` when the front end refuses its own generator's text.
bool build_graph(RandomCase& one, const std::string& folder) {
  const std::string path = fmt::format("{}/random.yaml", folder);
  std::ofstream(path) << one.spec;
  Sources sources;
  Diagnostics diagnostics;
  Checked checked = check_spec(path, {}, {}, sources, diagnostics);
  if (diagnostics.has_errors()) {
    one.failures.push_back(render(diagnostics, sources, false));
    return false;
  }
  one.graph = std::move(checked.built.graph);
  one.graph.name = one.name;
  bind_random(one.graph, one.seed);
  return true;
}

void lower(RandomCase& one, const Target& target) {
  PassOptions passes{one.disabled, [&](std::string_view pass, const Graph& graph) {
                       if (const std::string broken = verify(graph); !broken.empty())
                         one.failures.push_back(fmt::format("after {}: {}", pass, broken));
                     }};
  const Graph optimized = optimize(one.graph, passes);
  if (!one.failures.empty()) return;
  const Schedule plan = schedule(optimized, target, {});
  if (const std::string broken = verify(plan); !broken.empty()) {
    one.failures.push_back("schedule: " + broken);
    return;
  }
  one.weights = pack_weights(plan, optimized);
  for (const SourceText& file : emit(plan)) {
    if (file.name == one.name + ".cpp") one.source = file.text;
    if (file.name == one.name + ".h") one.header = file.text;
  }
  if (one.source.empty() || one.header.empty()) one.failures.emplace_back("emit wrote no source");
}

/// Values between layers, which the graph before the passes does not have: a joint name, or one below a layer's own.
bool between_layers(const std::string& name, const std::map<std::string, NodeId>& nodes) {
  if (name.find('+') != std::string::npos) return true;
  for (size_t end = name.rfind('/'); end != std::string::npos && end > 0; end = name.rfind('/', end - 1))
    if (nodes.count(name.substr(0, end)) != 0) return true;
  return false;
}

/// The nodes that an output of the program may be named after.
std::map<std::string, NodeId> named_nodes(const Graph& graph) {
  std::map<std::string, NodeId> nodes;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.visible) nodes[node.path] = static_cast<NodeId>(i);
    for (const std::string& alias : node.aliases) nodes[alias] = static_cast<NodeId>(i);
  }
  for (const GraphHead& head : graph.heads) {
    nodes["head " + head.name] = head.output;
    if (head.logits != NodeId::none) nodes["logits " + head.name] = head.logits;
  }
  return nodes;
}

std::string compare_values(const std::string& name, const Seen& seen, const reference::Tensor& expected,
                           const std::vector<double>& deviations, Compared& compared) {
  if (!(seen.shape == expected.shape))
    return fmt::format("{}: {} instead of {}", name, to_string(seen.shape), to_string(expected.shape));
  size_t wrong = 0, first = 0;
  for (size_t i = 0; i < seen.values.size(); ++i) {
    const double difference = std::abs(seen.values[i] - expected.values[i]);
    const double deviation = deviations[i] + 1e-35 / sigmas;  // subnormal inputs and weights count as zero
    compared.largest = std::max(compared.largest, difference / deviation);
    if (difference <= sigmas * deviation) continue;  // a NaN is not
    if (wrong++ == 0) first = i;
  }
  if (wrong == 0) return "";
  const int64_t pixel = static_cast<int64_t>(first) / seen.shape.channels;
  return fmt::format(
      "{}: {} of {} values wrong, first at row {}, column {}, channel {}: {} instead of {}, may differ by {:.2e}", name,
      wrong, seen.values.size(), pixel / seen.shape.width, pixel % seen.shape.width,
      static_cast<int64_t>(first) % seen.shape.channels, seen.values[first], expected.values[first],
      sigmas * deviations[first]);
}

}  // namespace

RandomCase make_case(uint64_t seed, const Target& target, const std::string& folder) {
  RandomCase one;
  one.seed = seed;
  one.name = fmt::format("net{}", seed);
  one.spec = random_spec(seed, {});
  std::mt19937_64 random(seed);
  choose_settings(one, random);
  if (!build_graph(one, folder)) return one;
  make_input(one, one.graph.nodes[0].shape, random);
  lower(one, target);
  return one;
}

std::vector<std::string> compare(const RandomCase& random_case, const SeenOutputs& seen, Compared& compared) {
  const reference::Result expected = reference::run(random_case.graph, random_case.input);
  const std::vector<std::vector<double>> deviations = rounding(random_case.graph, expected);
  const std::map<std::string, NodeId> nodes = named_nodes(random_case.graph);
  std::vector<std::string> failures;
  for (const auto& [name, output] : seen) {
    const auto found = nodes.find(name);
    if (found == nodes.end()) {
      if (between_layers(name, nodes)) continue;
      failures.push_back(name + ": no layer of that name");
      continue;
    }
    const auto node = static_cast<size_t>(index(found->second));
    const std::string failure = compare_values(name, output, expected.nodes[node], deviations[node], compared);
    if (!failure.empty()) failures.push_back(failure);
    compared.values += static_cast<int64_t>(output.values.size());
  }
  for (const GraphHead& head : random_case.graph.heads)
    if (!seen.contains("head " + head.name)) failures.push_back("head " + head.name + " is missing");
  return failures;
}

}  // namespace deeper
