// Weights onto the graph: every mistake at once, with its place and the nearest candidate.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

const std::string spec =
    small_spec("4, 4, 2",
               {"{id: c, conv: {kernel: [3, 1], out: 3}}", "{id: d, conv: {kernel: 1, out: 1, bias: false}}"}, "d") +
    "weights: {rename: [{from: 'old/*', to: 'c/{1}'}]}\n";

StoredTensor tensor(std::vector<int64_t> dims) {
  size_t count = 1;
  for (const int64_t dim : dims) count *= static_cast<size_t>(dim);
  return {std::move(dims), std::vector<float>(count, 0.5F), {}};
}

WeightStore good() {
  WeightStore store;
  store.file = "w.safetensors";
  store.tensors = {{"old/weight", tensor({3, 2, 3, 1})}, {"c/bias", tensor({3})}, {"d/weight", tensor({1, 3, 1, 1})}};
  return store;
}

struct Bound {
  TestNetwork network;
  std::string messages;  ///< "line: message (help)"
};

Bound try_binding(const WeightStore& store, const std::string& text = spec, const BuildOptions& options = {}) {
  Bound bound{from_text(text, options), ""};
  REQUIRE(bound.network.diagnostics.all().empty());
  bind_weights(bound.network.graph(), bound.network.checked.spec, store, bound.network.diagnostics);
  for (const Diagnostic& each : bound.network.diagnostics.all())
    bound.messages += std::to_string(each.range.line) + ": " + each.message +
                      (each.help.empty() ? "" : " (" + each.help + ")") + "\n";
  return bound;
}

/// `spec` with this in `weights`, behind its rename rule.
std::string with_weights(const std::string& more) {
  std::string text = spec;
  return text.insert(text.rfind('}'), ", " + more);
}

}  // namespace

TEST_CASE("good weights are bound without a word") {
  Bound bound = try_binding(good());
  CHECK(bound.messages.empty());
  for (const Constant& constant : bound.network.graph().constants) CHECK(constant.values != nullptr);
}

TEST_CASE("missing, extra, wrongly shaped and non-finite tensors in one go") {
  WeightStore store = good();
  store.tensors.erase("c/bias");
  store.tensors["c/bais"] = tensor({3});
  store.tensors["old/weight"] = tensor({3, 2, 1, 3});
  store.tensors["d/weight"].values[1] = std::numeric_limits<float>::quiet_NaN();
  store.tensors["unrelated/running_mean"] = tensor({1});
  CHECK(try_binding(store).messages ==
        "5: `old/weight` of w.safetensors is 3x2x1x3, but this layer needs 3x2x3x1\n"
        "6: `d/weight` of w.safetensors holds NaN at element 1\n"
        "5: w.safetensors has no `c/bias`, 3 (`c/bais`, of the same shape, is not used: `weights.rename` can map it)\n"
        "0: w.safetensors: the network does not use `c/bais`, 3 (it needs `c/bias`, of the same shape)\n"
        "0: w.safetensors: the network does not use `unrelated/running_mean`, 1 (`weights: {ignore: [...]}` passes it "
        "over, if that is right)\n");
}

TEST_CASE("a tensor of another shape is not what was meant, however near its name is") {
  WeightStore store = good();
  store.tensors.erase("c/bias");
  store.tensors["c/bais"] = tensor({4});
  store.tensors["far/away"] = tensor({3});
  CHECK(
      try_binding(store).messages ==
      "5: w.safetensors has no `c/bias`, 3 (`far/away`, of the same shape, is not used: `weights.rename` can map it)\n"
      "0: w.safetensors: the network does not use `far/away`, 3 (`weights: {ignore: [...]}` passes it over, if that "
      "is right)\n"
      "0: w.safetensors: the network does not use `c/bais`, 4 (`weights: {ignore: [...]}` passes it over, if that is "
      "right)\n");
}

TEST_CASE("another layout that would fit is named") {
  WeightStore store = good();
  store.tensors["old/weight"] = tensor({3, 1, 2, 3});
  CHECK(try_binding(store).messages ==
        "5: `old/weight` of w.safetensors is 3x1x2x3, but this layer needs 3x2x3x1 (`weights: {layout: hwio}` would "
        "fit)\n");
}

TEST_CASE("two names for one path are a mistake, but where one is passed over") {
  WeightStore store = good();
  store.tensors["c/weight"] = store.tensors["old/weight"];
  CHECK(try_binding(store).messages ==
        "0: w.safetensors: `c/weight` and `old/weight` are both `c/weight` after `weights.rename`\n");
  CHECK(try_binding(store, with_weights("ignore: ['c/w*']")).messages.empty());
}

TEST_CASE("tensors of other types are passed over and counted, unless the network needs one") {
  WeightStore store = good();
  store.tensors["c/bn.num_batches_tracked"] = {{}, {}, "I64"};
  store.tensors["d/bn.num_batches_tracked"] = {{}, {}, "I64"};
  store.tensors["mask"] = {{5}, {}, "BOOL"};
  store.tensors["quantised"] = {{1, 2}, {}, "U8"};
  CHECK(try_binding(store).messages ==
        "0: w.safetensors: 4 tensors that the network does not need are passed over, 1 of BOOL, 2 of I64, 1 of U8: "
        "`c/bn.num_batches_tracked`, `d/bn.num_batches_tracked`, `mask` and 1 more\n");
  CHECK(try_binding(store, with_weights("ignore: ['*.num_batches_tracked', mask, quant*]")).messages.empty());
  for (const char* type : {"I64", "I32", "U8", "BOOL", "F8_E4M3"}) {
    WeightStore wrong = good();
    wrong.tensors["c/bias"] = {{3}, {}, type};
    CHECK(try_binding(wrong).messages ==
          "5: `c/bias` of w.safetensors is of type `" + std::string(type) +
              "`, but F32, F16, BF16 and F64 are read (a weight of this layer: store it as floats (PyTorch: "
              "`tensor.float()`, numpy: `array.astype('f4')`))\n");
  }
}

TEST_CASE("ignore may not hide what the network needs") {
  CHECK(try_binding(good(), with_weights("ignore: ['*/bias']")).messages ==
        "5: `c/bias` of w.safetensors is a weight of this layer, but `weights.ignore` passes it over\n");
  CHECK(try_binding(good(), with_weights("ignore: ['old/*']")).messages ==
        "5: `old/weight` of w.safetensors is a weight of this layer, but `weights.ignore` passes it over\n");
  WeightStore more = good();
  more.tensors["ema.c/bias"] = tensor({7});
  more.tensors["optimizer.step"] = tensor({1});
  CHECK(try_binding(more, with_weights("ignore: ['ema.*', optimizer.step]")).messages.empty());
}

TEST_CASE("rules that no name is left for are told, in one note") {
  const std::string head = spec.substr(0, spec.find("weights:"));
  WeightStore store = good();
  CHECK(try_binding(store, head + "weights: {rename: [{from: 'old/*', to: 'c/{1}'}, {from: 'new/*', to: x}]}\n")
            .messages == "8: `weights.rename`: `new/*` matches no name in w.safetensors\n");
  CHECK(try_binding(store, head + "weights: {rename: [{from: 'old/*', to: 'c/{1}'}, {from: 'old/w*', to: x}]}\n")
            .messages == "8: `weights.rename`: `old/w*` comes behind what takes all its names in w.safetensors\n");
  CHECK(try_binding(store, with_weights("ignore: ['e*', f]")).messages ==
        "8: 2 rules of `weights` do nothing for w.safetensors: `weights.ignore`: `e*` matches no name\n");
}

TEST_CASE("many of a kind are one message") {
  std::vector<std::string> layers;
  WeightStore store;
  store.file = "w.safetensors";
  for (int i = 0; i < 5; ++i) {
    const std::string id = "c" + std::to_string(i);
    layers.push_back("{id: " + id + ", conv: {kernel: 1, out: 2, batch_norm: {eps: 1.0e-3}}}");
    store.tensors[id + "/weight"] = tensor({2, 2, 1, 1});
    for (const char* each : {"beta", "mean", "var"}) store.tensors[id + "/bn/" + each] = tensor({2});
  }
  const std::string text = small_spec("2, 2, 2", layers, "c4");
  CHECK(try_binding(store, text).messages ==
        "5: w.safetensors has no `gamma` for any of 5 layers: `c0/bn/gamma`, `c1/bn/gamma`, `c2/bn/gamma` and 2 more "
        "(`batch_norm: {gamma: false}` is one without it, as Keras (`scale=False`) and TF-slim train them)\n");
  for (int i = 0; i < 5; ++i) store.tensors["c" + std::to_string(i) + "/bn/gamma"] = tensor({2});
  for (int i = 0; i < 5; ++i) store.tensors["c" + std::to_string(i) + "/bias"] = tensor({2});
  CHECK(try_binding(store, text).messages ==
        "0: w.safetensors: the network does not use 5 tensors whose names end in `bias`: `c0/bias`, `c1/bias`, "
        "`c2/bias` and 2 more (these layers have `bias: false` (`bias` beside a batch norm is false by default): "
        "`bias: true` reads them)\n");
  WeightStore other;
  other.file = "w.safetensors";
  other.tensors = {{"net.0.weight", tensor({2})}};
  const std::string none = try_binding(other, text).messages;
  CHECK(
      none.starts_with("5: w.safetensors has none of the 25 tensors that the network needs: `c0/weight`, "
                       "`c0/bn/gamma`, `c0/bn/beta` and 22 more (`deeper weights "));
  CHECK(std::count(none.begin(), none.end(), '\n') == 1);
}

TEST_CASE("weights of optional heads that were not built are not unused") {
  const std::string heads =
      "heads: {main: {from: d, layers: []}, aux: {from: c, optional: true, layers: [{id: fc, dense: {out: 1, flatten: "
      "chw, bias: false}}]}}\n";
  const std::string text = spec.substr(0, spec.find("heads:")) + heads + spec.substr(spec.find("weights:"));
  WeightStore store = good();
  CHECK(try_binding(store, text).messages.empty());
  CHECK(try_binding(store, text, {{"aux"}}).messages ==
        "7: w.safetensors has no `aux/fc/weight`, 1x24 (`weights.rename` says how names of the file map to paths)\n");
  store.tensors["aux/fc/weight"] = tensor({1, 24});
  CHECK(try_binding(store, text).messages.empty());
  CHECK(try_binding(store, text, {{"aux"}}).messages.empty());
  store.tensors["auxiliary/fc/weight"] = tensor({1});
  CHECK(try_binding(store, text).messages ==
        "0: w.safetensors: the network does not use `auxiliary/fc/weight`, 1 (`weights: {ignore: [...]}` passes "
        "it over, if that is right)\n");
}

TEST_CASE("infinities are refused, subnormal weights become zero") {
  WeightStore store = good();
  store.tensors["d/weight"].values = {-std::numeric_limits<float>::infinity(), 1, 1};
  CHECK(try_binding(store).messages == "6: `d/weight` of w.safetensors holds an infinity at element 0\n");
  store.tensors["d/weight"].values = {1e-40F, -1e-45F, 0x1p-126F};
  Bound bound = try_binding(store);
  CHECK(bound.messages.empty());
  CHECK(*bound.network.graph().constants[2].values == std::vector<float>{0, 0, 0x1p-126F});
}

TEST_CASE("the trained weights of fashion fit") {
  TestNetwork network = from_zoo("fashion");
  const WeightStore store =
      read_safetensors(std::string(DEEPER_SOURCE_DIR) + "/dsl/networks/fashion.safetensors", network.diagnostics);
  bind_weights(network.graph(), network.checked.spec, store, network.diagnostics);
  INFO(network.messages());
  CHECK(network.diagnostics.all().empty());
}

TEST_CASE("the trained weights of GoogLeNet fit where they are") {
  const char* models = std::getenv("DEEPER_MODELS");
  const std::string folder = models ? models : std::string(DEEPER_SOURCE_DIR) + "/../shared/models";
  if (!std::filesystem::exists(folder + "/googlenet/googlenet.safetensors")) {
    WARN("SKIPPED: no GoogLeNet weights under " << folder);
    return;
  }
  TestNetwork network = from_zoo("googlenet");
  const WeightStore store = read_safetensors(folder + "/googlenet/googlenet.safetensors", network.diagnostics);
  bind_weights(network.graph(), network.checked.spec, store, network.diagnostics);
  INFO(network.messages());
  CHECK(network.diagnostics.all().empty());
}
