// Names of other frameworks are paired with the network's, and the rules that are suggested bind.
#include <catch2/catch.hpp>

#include <functional>

#include "codegen/weights/file_layout.h"
#include "codegen/weights/suggest.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

using Renaming = std::function<std::string(const std::string& path)>;

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& words) {
  for (const auto& [from, to] : words)
    if (const size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

/// A file that holds all of the network's weights under other names.
WeightStore renamed_store(const TestNetwork& network, WeightLayout layout, const Renaming& name) {
  WeightStore store;
  store.file = "w";
  for (const WeightBinding& binding : network.checked.built.graph.bindings) {
    const auto dims = file_layout(binding, network.checked.built.graph.constant(binding.constant).dims, layout).dims;
    size_t count = 1;
    for (const int64_t dim : dims) count *= static_cast<size_t>(dim);
    store.tensors[name(binding.path)] = {dims, std::vector<float>(count, 0.5F), {}};
  }
  return store;
}

struct Suggested {
  std::string yaml, messages;  ///< the section, and what binding says with it
  int guesses = 0, missing = 0, wrong = 0;
};

Suggested suggest(const std::string& text, const WeightStore& store, const Renaming& right = {}) {
  TestNetwork network = from_text(text);
  const NetworkSpec& spec = network.checked.spec;
  const Graph& graph = network.checked.built.graph;
  const FileNames names = file_names(store, spec, graph, network.diagnostics);
  const Pairing pairing = pair_weights(graph, spec, store, names);
  Suggested out;
  out.yaml = suggestion_text(suggest_rules(pairing, spec, store), pairing, {graph, spec, store, names});
  out.missing = static_cast<int>(pairing.missing.size());
  for (const Pair& pair : pairing.pairs) {
    out.guesses += pair.by == PairedBy::order;
    out.wrong += right && right(pair.wanted->path) != pair.name;
  }
  TestNetwork again = from_text(text + out.yaml);
  bind_weights(again.graph(), again.checked.spec, store, again.diagnostics);
  out.messages = again.messages();
  return out;
}

const std::string two_layers = small_spec(
    "8, 8, 3",
    {"{id: conv1, conv: {kernel: 3, out: 4, batch_norm: {eps: 1.0e-5}}}", "{id: conv2, conv: {kernel: 1, out: 6}}"},
    "conv2");

std::string modules(int count) {
  std::vector<std::string> layers{"{id: stem, conv: {kernel: 1, out: 8}}"};
  for (int i = 0; i < count; ++i)
    layers.push_back("{id: m" + std::to_string(i) + "_b, conv: {kernel: 3, out: " + std::to_string(8 + i) +
                     ", pad: same, batch_norm: {eps: 1.0e-3}}}");
  return small_spec("8, 8, 3", layers, "m" + std::to_string(count - 1) + "_b");
}

}  // namespace

TEST_CASE("the names of PyTorch's Sequential are found by shape, and the rules bind") {
  const Renaming name = [](const std::string& path) {
    return replaced(path, {{"conv1/weight", "features.0.weight"},
                           {"conv1/bn/gamma", "features.1.weight"},
                           {"conv1/bn/beta", "features.1.bias"},
                           {"conv1/bn/mean", "features.1.running_mean"},
                           {"conv1/bn/var", "features.1.running_var"},
                           {"conv2/", "features.10."}});
  };
  WeightStore store = renamed_store(from_text(two_layers), WeightLayout::oihw, name);
  store.tensors["features.1.num_batches_tracked"] = {{}, {}, "I64"};
  const Suggested found = suggest(two_layers, store, name);
  INFO(found.yaml << found.messages);
  CHECK(found.missing + found.guesses + found.wrong == 0);
  CHECK(found.messages.find("error") == std::string::npos);
  CHECK(found.messages.find("passed over") != std::string::npos);
}

TEST_CASE("TensorFlow's words and layout are found too") {
  const Renaming name = [](const std::string& path) {
    return "Net/" + replaced(path, {{"/weight", "/weights"},
                                    {"/bias", "/biases"},
                                    {"/bn/mean", "/BatchNorm/moving_mean"},
                                    {"/bn/var", "/BatchNorm/moving_variance"},
                                    {"/bn/", "/BatchNorm/"}});
  };
  const std::string text = modules(4);
  const Suggested found = suggest(text, renamed_store(from_text(text), WeightLayout::hwio, name), name);
  INFO(found.yaml << found.messages);
  CHECK(found.missing + found.wrong == 0);
  CHECK(found.yaml.find("layout: hwio") != std::string::npos);
  CHECK(found.messages.empty());
}

TEST_CASE("tensors of one shape are guessed by order, and said to be guesses") {
  std::vector<std::string> layers;
  for (int i = 0; i < 12; ++i) layers.push_back("{id: c" + std::to_string(i) + ", conv: {kernel: 1, out: 3}}");
  const std::string text = small_spec("8, 8, 3", layers, "c11");
  const Renaming name = [](const std::string& path) { return "layer." + replaced(path.substr(1), {{"/", "."}}); };
  const Suggested found = suggest(text, renamed_store(from_text(text), WeightLayout::oihw, name), name);
  INFO(found.yaml << found.messages);
  CHECK(found.guesses == 24);
  CHECK(found.missing + found.wrong == 0);  // layer.2 stands before layer.10
  CHECK(found.yaml.find("# 24 of 24 pairs are guesses") != std::string::npos);
  CHECK(found.yaml.find("#   layer.11.weight -> c11/weight") != std::string::npos);
  CHECK(found.messages.empty());
}

TEST_CASE("where more tensors fit than there are places nothing is guessed") {
  const Renaming name = [](const std::string& path) { return replaced(path, {{"conv2/", "last."}}); };
  WeightStore store = renamed_store(from_text(two_layers), WeightLayout::oihw, name);
  store.tensors["auxiliary.bias"] = store.tensors["last.bias"];
  store.tensors["auxiliary.weight"] = store.tensors["last.weight"];
  const Suggested found = suggest(two_layers, store);
  INFO(found.yaml << found.messages);
  CHECK(found.missing == 2);
  CHECK(found.yaml.find("# ambiguous: conv2/weight, 6x4x1x1, may be auxiliary.weight, last.weight\n") !=
        std::string::npos);
  CHECK(found.yaml.find("last.*") != std::string::npos);  // to be passed over, unless the author says otherwise
}

TEST_CASE("what is left over is passed over by name, and what is missing is told") {
  const Renaming name = [](const std::string& path) { return "net." + replaced(path, {{"/", "."}, {"bn/", "bn."}}); };
  WeightStore store = renamed_store(from_text(two_layers), WeightLayout::oihw, name);
  store.tensors["AuxLogits.fc.weight"] = {{7, 7}, std::vector<float>(49), {}};
  store.tensors["AuxLogits.fc.bias"] = {{7}, std::vector<float>(7), {}};
  const Suggested found = suggest(two_layers, store, name);
  INFO(found.yaml << found.messages);
  CHECK(found.yaml.find("- \"AuxLogits.*\"") != std::string::npos);
  CHECK(found.messages.empty());
  store.tensors.erase("net.conv2.bias");
  const Suggested less = suggest(two_layers, store, name);
  CHECK(less.missing == 1);
  CHECK(less.yaml.find("# missing: nothing that is left over has the shape of conv2/bias, 6\n") != std::string::npos);
}

TEST_CASE("a whole network under PyTorch's names: Inception v3, none wrong but what is said to be a guess") {
  TestNetwork network = from_zoo("inception_v3");
  const Renaming name = [](const std::string& path) {
    std::string text = replaced(path, {{"/bn/gamma", ".norm.weight"},
                                       {"/bn/beta", ".norm.bias"},
                                       {"/bn/mean", ".norm.running_mean"},
                                       {"/bn/var", ".norm.running_var"}});
    if (text == path && !path.starts_with("main")) text = replaced(path, {{"/weight", ".conv.weight"}});
    return "model." + replaced(text, {{"mixed_", "Mixed"}, {"/", ".b_"}});
  };
  const WeightStore store = renamed_store(network, WeightLayout::oihw, name);
  const Graph& graph = network.checked.built.graph;
  const FileNames names = file_names(store, network.checked.spec, graph, network.diagnostics);
  const Pairing pairing = pair_weights(graph, network.checked.spec, store, names);
  CHECK(pairing.missing.empty());
  int certain = 0;
  for (const Pair& pair : pairing.pairs) {
    if (pair.by == PairedBy::order) continue;
    ++certain;
    CHECK(name(pair.wanted->path) == pair.name);
  }
  CHECK(certain > 150);
  NetworkSpec spec = network.checked.spec;
  spec.rename = suggest_rules(pairing, spec, store).rename;
  CHECK(spec.rename.size() < 120);
  Diagnostics diagnostics;
  bind_weights(network.graph(), spec, store, diagnostics);
  CHECK(diagnostics.all().empty());
}
