// For random graphs: every pass keeps the graph's invariants and its results; so does the whole pipeline without any
// one of them.
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "codegen/ir/verify.h"
#include "codegen/passes/pipeline.h"
#include "tests/reference/random_graph.h"
#include "tests/reference/random_source.h"
#include "tests/reference/reference.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

constexpr int seeds = 320;

/// Values that folding computes with exactly: weights of 8 bits, norms whose factor is a power of two. A pass then
/// changes results by the rounding of doubles only, and a wrong factor cannot hide behind that of floats.
void bind_exact(Graph& graph, uint64_t seed) {
  reference::RandomSource random(seed);
  for (const WeightBinding& binding : graph.bindings) {
    Constant& constant = graph.constants[static_cast<size_t>(index(binding.constant))];
    size_t count = 1;
    for (const int64_t dim : constant.dims) count *= static_cast<size_t>(dim);
    auto values = std::make_shared<std::vector<float>>(count);
    const size_t terms = count / static_cast<size_t>(constant.dims[0]);  // of a sum
    const float exponent = -7 - std::floor(0.5F * std::log2(static_cast<float>(terms)));
    const float scale = binding.kind == WeightKind::vector ? 0x1p-8F : std::exp2(exponent);
    for (float& value : *values) value = scale * static_cast<float>(random.between(-127, 127));
    if (binding.path.ends_with("/gamma"))
      for (float& value : *values) value = random.pick({0.5F, 1.0F, 2.0F, -1.0F});
    constant.values = std::move(values);
  }
  for (const Node& node : graph.nodes) {
    const auto* norm = std::get_if<BatchNorm>(&node.op);
    if (!norm) continue;
    auto values = std::make_shared<std::vector<float>>(static_cast<size_t>(node.shape.channels));
    for (float& value : *values) value = static_cast<float>(random.pick({0.25, 1.0, 4.0}) - norm->eps);
    graph.constants[static_cast<size_t>(index(norm->var))].values = std::move(values);
  }
}

reference::Tensor random_input(const Shape& shape, uint64_t seed) {
  reference::RandomSource random(seed + 1000);
  reference::Tensor input{shape, {}};
  for (int64_t i = 0; i < shape.elements().value(); ++i)
    input.values.push_back(static_cast<double>(random.between(-256, 256)) / 128);
  return input;
}

/// Largest difference of any head's output or logits, relative to the largest value beside it.
double difference(const Graph& graph, const reference::Result& result, const Graph& other,
                  const reference::Result& changed) {
  double worst = 0;
  const auto compare = [&](NodeId x, NodeId y) {
    if (x == NodeId::none) return;
    const auto& left = result.nodes[static_cast<size_t>(index(x))].values;
    const auto& right = changed.nodes[static_cast<size_t>(index(y))].values;
    double largest = 1e-30;
    for (const double value : left) largest = std::max(largest, std::abs(value));
    if (left.size() != right.size()) worst = 1e30;
    for (size_t i = 0; i < std::min(left.size(), right.size()); ++i)
      worst = std::max(worst, std::abs(left[i] - right[i]) / largest);
  };
  for (size_t h = 0; h < graph.heads.size(); ++h) {
    compare(graph.heads[h].output, other.heads[h].output);
    compare(graph.heads[h].logits, other.heads[h].logits);
  }
  return worst;
}

/// Every path of a layer that exists after the passes still means the same value.
double path_difference(const Graph& graph, const reference::Result& result, const Graph& other,
                       const reference::Result& changed) {
  double worst = 0;
  for (size_t i = 0; i < other.nodes.size(); ++i) {
    const Node& node = other.nodes[i];
    std::vector<std::string> names = node.aliases;
    if (node.visible) names.push_back(node.path);
    for (const std::string& name : names) {
      const auto& before = result.nodes[static_cast<size_t>(index(find(graph, name)))].values;
      double largest = 1e-30;
      for (const double value : before) largest = std::max(largest, std::abs(value));
      for (size_t k = 0; k < before.size(); ++k)
        worst = std::max(worst, std::abs(before[k] - changed.nodes[i].values[k]) / largest);
    }
  }
  return worst;
}

struct RandomNetwork {
  Graph graph;
  reference::Tensor input;
  reference::Result result;
};

RandomNetwork make(uint64_t seed) {
  TestNetwork network = from_text(random_spec(seed, {3, 12, 150'000, true}));
  INFO("seed " << seed << "\n" << random_spec(seed) << network.messages());
  REQUIRE(network.diagnostics.all().empty());
  RandomNetwork made{network.graph(), {}, {}};
  REQUIRE(verify(made.graph) == "");
  bind_exact(made.graph, seed);
  made.input = random_input(made.graph.nodes[0].shape, seed);
  made.result = reference::run(made.graph, made.input);
  return made;
}

void require_same(const RandomNetwork& network, const Graph& graph, uint64_t seed, const std::string& what) {
  INFO("seed " << seed << ", " << what << "\n" << print(network.graph) << "\n" << print(graph));
  REQUIRE(verify(graph) == "");
  const reference::Result changed = reference::run(graph, network.input);
  REQUIRE(difference(network.graph, network.result, graph, changed) < 1e-9);
  REQUIRE(path_difference(network.graph, network.result, graph, changed) < 1e-9);
}

}  // namespace

TEST_CASE("each pass alone keeps results") {
  std::map<std::string, int> changes;  // a pass that never did anything would not be tested
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const RandomNetwork network = make(seed);
    const std::string before = print(network.graph);
    for (const std::string_view name : pass_names()) {
      PassOptions options;
      for (const std::string_view other : pass_names())
        if (other != name) options.disabled.emplace_back(other);
      Graph after_pass;
      options.after = [&](std::string_view, const Graph& graph) { after_pass = graph; };
      const Graph graph = optimize(network.graph, options);
      if (print(after_pass) == before) continue;  // nothing to compare
      ++changes[std::string(name)];
      require_same(network, after_pass, seed, "after " + std::string(name));
    }
  }
  for (const std::string_view name : pass_names())
    CHECK(changes[std::string(name)] >= (name == "drop-dead-heads" ? 3 : 10));
}

TEST_CASE("the pipeline keeps results, whole and without any one pass") {
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const RandomNetwork network = make(seed);
    std::string broken;
    PassOptions options;
    options.after = [&](std::string_view pass, const Graph& graph) {
      if (const std::string why = verify(graph); broken.empty() && !why.empty())
        broken = std::string(pass) + ": " + why;
    };
    const auto names = pass_names();
    // all, none, and one of the others in turn
    require_same(network, optimize(network.graph, options), seed, "all passes");
    const std::string off(names[seed % names.size()]);
    options.disabled = {off};
    require_same(network, optimize(network.graph, options), seed, "without " + off);
    options.disabled.assign(names.begin(), names.end());
    const Graph plain = optimize(network.graph, options);
    require_same(network, plain, seed, "no pass");
    REQUIRE(broken == "");
    for (const Node& node : plain.nodes)
      REQUIRE_FALSE((std::holds_alternative<BatchNorm>(node.op) || std::holds_alternative<Identity>(node.op)));
  }
}

TEST_CASE("what comes out does not depend on whether weights are bound") {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Graph graph = from_text(random_spec(seed)).graph();
    const std::string structure = print(optimize(graph, {}));
    bind_random(graph, seed);
    REQUIRE(print(optimize(graph, {})) == structure);
  }
}

TEST_CASE("random networks have every op, and are the same for the same seed") {
  std::set<std::string> words;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    REQUIRE(random_spec(seed) == random_spec(seed));
    const Graph graph = from_text(random_spec(seed)).graph();
    for (const Node& node : graph.nodes) {
      words.insert(std::string(op_word(node.op)));
      if (const auto* activation = std::get_if<Activation>(&node.op)) words.insert(details(activation->spec));
    }
  }
  for (const char* word :
       {"conv", "dense", "pool", "lrn", "batch_norm", "activation", "softmax", "l2_normalize", "add", "concat",
        "identity", "relu", "relu6", "leaky_relu 0.1", "sigmoid", "tanh", "silu", "hard_swish"})
    CHECK(words.contains(word));
}
