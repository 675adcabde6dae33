// What has changed since goldens were recorded: settings by layer and key, tensors by what was done to them.
#include <catch2/catch.hpp>
#include <numeric>

#include "codegen/cli/golden_changes.h"
#include "codegen/compile/tensor_record.h"
#include "dsl/parse.h"
#include "dsl/print_yaml.h"

using namespace deeper;

namespace {

const char* const network = R"(deeper: 1
name: net
input: {shape: [8, 8, 3], preprocess: {resize: [8, 8], mean: [1, 2, 3]}}
layers:
  - {id: a, conv: {kernel: 3, dilation: 3, pad: 3, out: 4, batch_norm: {eps: 1.0e-3}}}
  - id: m
    branches:
      x: [{id: x, conv: {kernel: 1, out: 4}}]
      y: [{max_pool: {kernel: 3, stride: 1, pad: same}}, {id: y, conv: {kernel: 1, out: 4}}]
  - {id: n, lrn: {size: 3, alpha: 1, beta: 0.5, k: 1}}
  - {id: c, conv: {kernel: 3, pad: same, out: 8}, residual: {shortcut: [], scale: 0.5}}
heads: {main: {from: c, layers: []}}
weights: {layout: oihw}
)";

NetworkSpec read(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  NetworkSpec spec = parse_text("net.yaml", text, {}, sources, diagnostics);
  INFO((diagnostics.has_errors() ? diagnostics.all()[0].message : ""));
  REQUIRE_FALSE(diagnostics.has_errors());
  return spec;
}

/// "line layer: text" of every change from `network` to itself with `from` replaced.
std::vector<std::string> changes(const std::string& from, const std::string& to) {
  std::string text = network;
  REQUIRE(text.find(from) != std::string::npos);
  text.replace(text.find(from), from.size(), to);
  const NetworkSpec now = read(text), then = read(network);
  std::vector<std::string> texts;
  for (const Change& change : spec_changes(print_identity(now), print_identity(then), LayerPlaces(now)))
    texts.push_back(std::to_string(change.range.line) + " " + change.layer + ": " + change.text);
  return texts;
}

using Texts = std::vector<std::string>;

Graph graph_of(const std::vector<float>& values, std::vector<int64_t> dims, std::optional<FlattenOrder> flatten) {
  Graph graph;
  graph.constants.push_back({"a/weight", std::move(dims), {}, true, std::make_shared<std::vector<float>>(values)});
  graph.bindings.push_back({ConstantId{0}, flatten ? WeightKind::dense : WeightKind::conv, "a/weight", flatten, {}});
  return graph;
}

std::vector<float> counted(size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

/// What is said of `now` where `then` was recorded, both of these dims.
std::string tensor_change(const std::vector<float>& now, const std::vector<float>& then,
                          const std::vector<int64_t>& dims, std::optional<FlattenOrder> flatten = std::nullopt) {
  const NetworkSpec spec = read(network);
  const auto recorded = record_tensors(graph_of(then, dims, flatten));
  const auto found = tensor_changes(graph_of(now, dims, flatten), recorded, LayerPlaces(spec));
  return found.empty() ? "" : found[0].layer + ": " + found[0].text;
}

/// [o][h][w][i] whose element is `where(o, h, w, i)` of counted values in that order.
template <class Where>
std::vector<float> moved(const std::vector<int64_t>& d, Where&& where) {
  std::vector<float> out;
  for (int64_t o = 0; o < d[0]; ++o)
    for (int64_t h = 0; h < d[1]; ++h)
      for (int64_t w = 0; w < d[2]; ++w)
        for (int64_t i = 0; i < d[3]; ++i) out.push_back(float(1 + where(o, h, w, i)));
  return out;
}

}  // namespace

TEST_CASE("settings that changed are told by layer and key, at the key's line") {
  CHECK(changes("dilation: 3", "dilation: 1") == Texts{"5 a: dilation is [1, 1], was [3, 3]"});
  CHECK(changes("eps: 1.0e-3", "eps: 1.0e-5") == Texts{"5 a: batch_norm.eps is 1.0e-5, was 0.001"});
  CHECK(changes("batch_norm: {eps: 1.0e-3}", "batch_norm: none, bias: false") ==
        Texts{"5 a: batch_norm is none, was {eps: 0.001, gamma: true}"});
  CHECK(changes("mean: [1, 2, 3]", "mean: [3, 2, 1]") == Texts{"3 input: preprocess.mean is [3, 2, 1], was [1, 2, 3]"});
  CHECK(changes("layout: oihw", "layout: hwio") == Texts{"13 weights: layout is hwio, was oihw"});
  CHECK(changes("scale: 0.5", "scale: 1") == Texts{"11 c: residual.scale is 1, was 0.5"});
  CHECK(changes("from: c", "from: n") == Texts{"12 main: from is n, was c"});
  CHECK(changes("max_pool", "max_pool").empty());
}

TEST_CASE("layers in another order, new ones, others, and ones that are gone") {
  std::string text = network;
  const std::string x = "      x: [{id: x, conv: {kernel: 1, out: 4}}]\n";
  text.erase(text.find(x), x.size());
  text.insert(text.find("  - {id: n,"), x);
  const NetworkSpec now = read(text), then = read(network);
  const auto exchanged = spec_changes(print_identity(now), print_identity(then), LayerPlaces(now));
  REQUIRE(exchanged.size() == 1);
  CHECK(exchanged[0].layer == "m");
  CHECK(exchanged[0].text == "its branches are y, x, were x, y");
  CHECK(changes("max_pool: {kernel: 3, stride: 1, pad: same}", "average_pool: {kernel: 3, stride: 1, pad: same}") ==
        Texts{"9 average_pool: was not there", "9 y: `max_pool` is gone"});
  CHECK(changes("lrn: {size: 3, alpha: 1, beta: 0.5, k: 1}", "batch_norm: {eps: 1.0e-3}") ==
        Texts{"10 n: is batch_norm, was lrn"});
  CHECK(changes("{id: c, conv: {kernel: 3, pad: same, out: 8}, residual: {shortcut: [], scale: 0.5}}",
                "{id: c, conv: {kernel: 3, pad: same, out: 8}}") == Texts{"11 c: had a residual"});
}

TEST_CASE("tensors: what was done to them") {
  const std::vector<int64_t> d{3, 3, 3, 3};
  const auto at = [](int64_t o, int64_t h, int64_t w, int64_t i) { return ((o * 3 + h) * 3 + w) * 3 + i; };
  const std::vector<float> then = counted(81);
  const auto told = [&](auto where) { return tensor_change(moved(d, where), then, d); };
  const std::string order = "a: `a/weight` changed: the same values in another order";
  CHECK(tensor_change(then, then, d).empty());
  CHECK(told([&](auto o, auto h, auto w, auto i) { return at(i, h, w, o); }) ==
        order + ": inputs and outputs are exchanged (transposed)");
  CHECK(told([&](auto o, auto h, auto w, auto i) { return at(o, 2 - h, 2 - w, i); }) ==
        order + ": its kernels are turned by 180 degrees");
  CHECK(told([&](auto o, auto h, auto w, auto i) { return at(o, w, h, i); }) ==
        order + ": rows and columns of its kernels are exchanged");
  CHECK(told([&](auto o, auto h, auto w, auto i) { return at(o, h, w, 2 - i); }) ==
        order + ": its input channels are in reverse order (RGB and BGR?)");
  CHECK(told([&](auto o, auto h, auto w, auto i) { return (at(o, h, w, i) + 7) % 81; }) == order);
  std::vector<float> doubled = then, zeros(81, 0.0F), other = then;
  for (float& value : doubled) value *= 2;
  other[3] += 0.5F;
  CHECK(tensor_change(doubled, then, d).ends_with("as if multiplied by 2"));
  CHECK(tensor_change(zeros, then, d) == "a: `a/weight` changed: every value is 0");
  CHECK(tensor_change(other, then, d) == "a: `a/weight` changed: mean 41.00617 was 41, largest 81 was 81");
}

TEST_CASE("tensors: a dense layer's columns in the order of another flatten") {
  const std::vector<int64_t> d{2, 2, 3, 4};  // columns of a 2x3x4 map
  const std::vector<float> then = counted(48);
  const auto chw = moved(d, [](auto o, auto y, auto x, auto c) { return o * 24 + (c * 2 + y) * 3 + x; });
  CHECK(
      tensor_change(chw, then, d, FlattenOrder::hwc) ==
      "a: `a/weight` changed: the same values in another order: its columns are those of `flatten: hwc`, read as chw");
  CHECK(
      tensor_change(then, chw, d, FlattenOrder::hwc) ==
      "a: `a/weight` changed: the same values in another order: its columns are those of `flatten: chw`, read as hwc");
}

TEST_CASE("tensors that hold what another one held") {
  const NetworkSpec spec = read(network);
  const auto graph = [](const std::vector<float>& gamma, const std::vector<float>& beta) {
    Graph result;
    for (const auto& [path, values] : {std::pair{"a/bn/gamma", gamma}, {"a/bn/beta", beta}, {"x/bias", {9, 9, 9, 9}}}) {
      result.constants.push_back({path, {4}, {}, true, std::make_shared<std::vector<float>>(values)});
      result.bindings.push_back({ConstantId(result.constants.size() - 1), WeightKind::vector, path, std::nullopt, {}});
    }
    return result;
  };
  const auto then = record_tensors(graph({1, 2, 3, 4}, {5, 6, 7, 8}));
  const LayerPlaces places(spec);
  const auto exchanged = tensor_changes(graph({5, 6, 7, 8}, {1, 2, 3, 4}), then, places);
  REQUIRE(exchanged.size() == 1);
  CHECK(exchanged[0].text == "`a/bn/gamma` and `a/bn/beta` are exchanged");
  const auto copied = tensor_changes(graph({5, 6, 7, 8}, {5, 6, 7, 8}), then, places);
  REQUIRE(copied.size() == 1);
  CHECK(copied[0].text == "`a/bn/gamma` holds what `a/bn/beta` held");
}

TEST_CASE("places: parts of layers, tensors, residual sums, joint steps, the input") {
  const NetworkSpec spec = read(network);
  const LayerPlaces places(spec);
  CHECK(places.of_step("a").line == 5);
  CHECK(places.of_step("a/depthwise").line == 5);
  CHECK(places.of_step("x+n").line == 8);
  CHECK(places.of_step("c").line == 11);
  CHECK(places.of_step("input").line == 3);
  CHECK(places.layer_of("m/bn/gamma") == "m");
  CHECK(places.layers_of_step("a+y/pre") == Texts{"a", "y"});
  CHECK(places.of_step("nowhere") == spec.name_range);
}
