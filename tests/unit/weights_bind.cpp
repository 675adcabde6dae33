// Weights onto the graph: every mistake at once, with its place and the nearest candidate.
#include <catch2/catch.hpp>

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
  return {std::move(dims), std::vector<float>(count, 0.5F)};
}

WeightStore good() {
  WeightStore store;
  store.file = "w.safetensors";
  store.tensors = {{"c/weight", tensor({3, 2, 3, 1})}, {"c/bias", tensor({3})}, {"d/weight", tensor({1, 3, 1, 1})}};
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
  store.tensors["c/weight"] = tensor({3, 2, 1, 3});
  store.tensors["d/weight"].values[1] = std::numeric_limits<float>::quiet_NaN();
  store.tensors["unrelated/running_mean"] = tensor({1});
  CHECK(try_binding(store).messages ==
        "5: `c/weight` of w.safetensors is 3x2x1x3, but this layer needs 3x2x3x1\n"
        "6: `d/weight` of w.safetensors holds NaN at element 1\n"
        "5: w.safetensors has no `c/bias` (`c/bais` is not used: `weights.rename` can map it)\n"
        "0: w.safetensors: the network does not use `c/bais` (it needs `c/bias`)\n"
        "0: w.safetensors: the network does not use `unrelated/running_mean`\n");
}

TEST_CASE("another layout that would fit is named") {
  WeightStore store = good();
  store.tensors["c/weight"] = tensor({3, 1, 2, 3});
  CHECK(try_binding(store).messages ==
        "5: `c/weight` of w.safetensors is 3x1x2x3, but this layer needs 3x2x3x1 (`weights: {layout: hwio}` would "
        "fit)\n");
}

TEST_CASE("rename rules are applied, and two names for one path are a mistake") {
  WeightStore store = good();
  store.tensors["old/weight"] = store.tensors["c/weight"];
  store.tensors.erase("c/weight");
  CHECK(try_binding(store).messages.empty());
  store.tensors["c/weight"] = store.tensors["old/weight"];
  CHECK(try_binding(store).messages ==
        "0: w.safetensors: `c/weight` and `old/weight` are both `c/weight` after `weights.rename`\n");
}

TEST_CASE("weights of optional heads that were not built are not unused") {
  const std::string heads =
      "heads: {main: {from: d, layers: []}, aux: {from: c, optional: true, layers: [{id: fc, dense: {out: 1, flatten: "
      "chw, bias: false}}]}}\n";
  const std::string text = spec.substr(0, spec.find("heads:")) + heads;
  WeightStore store = good();
  CHECK(try_binding(store, text).messages.empty());
  CHECK(try_binding(store, text, {{"aux"}}).messages ==
        "7: w.safetensors has no `aux/fc/weight` (`weights.rename` says how names of the file map to paths)\n");
  store.tensors["aux/fc/weight"] = tensor({1, 24});
  CHECK(try_binding(store, text).messages.empty());
  CHECK(try_binding(store, text, {{"aux"}}).messages.empty());
  store.tensors["auxiliary/fc/weight"] = tensor({1});
  CHECK(try_binding(store, text).messages == "0: w.safetensors: the network does not use `auxiliary/fc/weight`\n");
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
