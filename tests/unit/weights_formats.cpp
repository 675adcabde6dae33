// Layouts, rename rules, random weights, and writing.
#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

#include "codegen/weights/file_layout.h"
#include "codegen/weights/rename.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

/// What the graph's constant holds when the file's tensor holds 0, 1, 2, ...
std::vector<int> order(const WeightBinding& binding, const std::vector<int64_t>& dims, WeightLayout layout) {
  std::vector<int> out;
  for_each_element(file_layout(binding, dims, layout), dims,
                   [&](size_t, size_t from) { out.push_back(static_cast<int>(from)); });
  return out;
}

std::vector<RenameRule> rules(std::initializer_list<std::pair<const char*, const char*>> list) {
  std::vector<RenameRule> out;
  for (const auto& [from, to] : list) out.push_back({{}, from, to, false});
  return out;
}

std::string path_of(std::string_view name, const std::vector<RenameRule>& list) { return renamed(name, list).path; }

}  // namespace

TEST_CASE("convolution weights from every layout") {
  const WeightBinding conv{{}, WeightKind::conv, "", {}, {4, 4, 2}};
  const std::vector<int64_t> dims{3, 1, 2, 2};  // out, rows, columns, in
  CHECK(file_layout(conv, dims, WeightLayout::oihw).dims == std::vector<int64_t>{3, 2, 1, 2});
  CHECK(order(conv, dims, WeightLayout::oihw) == std::vector<int>{0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11});
  CHECK(file_layout(conv, dims, WeightLayout::hwio).dims == std::vector<int64_t>{1, 2, 2, 3});
  CHECK(order(conv, dims, WeightLayout::hwio) == std::vector<int>{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11});
  CHECK(file_layout(conv, dims, WeightLayout::ohwi).dims == dims);
  CHECK(order(conv, dims, WeightLayout::ohwi) == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
}

TEST_CASE("depthwise weights: [channels * multiplier, 1, h, w], or TensorFlow's [h, w, channels, multiplier]") {
  const WeightBinding depthwise{{}, WeightKind::depthwise, "", {}, {4, 4, 2}};
  const std::vector<int64_t> dims{4, 1, 2, 1};  // 2 channels, multiplier 2
  CHECK(file_layout(depthwise, dims, WeightLayout::oihw).dims == std::vector<int64_t>{4, 1, 1, 2});
  CHECK(order(depthwise, dims, WeightLayout::oihw) == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(file_layout(depthwise, dims, WeightLayout::hwio).dims == std::vector<int64_t>{1, 2, 2, 2});
  CHECK(order(depthwise, dims, WeightLayout::hwio) == std::vector<int>{0, 4, 1, 5, 2, 6, 3, 7});
}

TEST_CASE("dense weights follow the order that their input was flattened in") {
  const std::vector<int64_t> dims{2, 1, 2, 2};  // 2 outputs of a map 1x2x2
  WeightBinding dense{{}, WeightKind::dense, "", FlattenOrder::chw, {1, 2, 2}};
  CHECK(file_layout(dense, dims, WeightLayout::oihw).dims == std::vector<int64_t>{2, 4});
  CHECK(order(dense, dims, WeightLayout::oihw) == std::vector<int>{0, 2, 1, 3, 4, 6, 5, 7});
  CHECK(file_layout(dense, dims, WeightLayout::hwio).dims == std::vector<int64_t>{4, 2});
  CHECK(order(dense, dims, WeightLayout::hwio) == std::vector<int>{0, 4, 2, 6, 1, 5, 3, 7});
  dense.flatten = FlattenOrder::hwc;
  CHECK(order(dense, dims, WeightLayout::oihw) == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(order(dense, dims, WeightLayout::hwio) == std::vector<int>{0, 2, 4, 6, 1, 3, 5, 7});
}

TEST_CASE("rename rules: the first that matches; stars match slashes too") {
  CHECK(path_of("loss3/classifier/weight", rules({{"loss3/classifier/*", "main/classifier/{1}"}})) ==
        "main/classifier/weight");
  CHECK(path_of("conv1/weight", rules({{"loss3/*", "x/{1}"}})) == "conv1/weight");
  CHECK(path_of("a/b", rules({{"a/*", "first/{1}"}, {"*", "second"}})) == "first/b");
  CHECK(path_of("Mixed_5b.branch1x1.conv.weight", rules({{"*.*.conv.*", "{1}/{2}/{3}"}})) ==
        "Mixed_5b/branch1x1/weight");
  CHECK(path_of("a.b.c", rules({{"*.*", "{2}-{1}"}})) == "b.c-a");  // earlier stars match as little as possible
  CHECK(path_of("abcbc", rules({{"*bc", "{1}"}})) == "abc");
  CHECK(path_of("same", rules({{"same", "other"}})) == "other");
  CHECK(path_of("same2", rules({{"same", "other"}})) == "same2");
  CHECK(path_of("", rules({{"*", "[{1}]"}})) == "[]");
  CHECK(path_of("x", rules({{"*", "{1}{1}"}})) == "xx");
  CHECK(path_of(std::string(20'000, 'a'), rules({{"*a*a*a*a*a*a*a*a*b", "no"}})) ==
        std::string(20'000, 'a'));  // in bounded time
}

TEST_CASE("rename rules that say `more` let those below go on") {
  std::vector<RenameRule> two = rules({{"*.bn.weight", "{1}.bn.gamma"}, {"*.bn.*", "{1}/bn/{2}"}, {"net.*", "{1}"}});
  CHECK(path_of("net.a.bn.weight", two) == "net.a.bn.gamma");
  two[0].more = true;
  CHECK(path_of("net.a.bn.weight", two) == "net.a/bn/gamma");
  two[1].more = true;
  CHECK(path_of("net.a.bn.weight", two) == "a/bn/gamma");
  CHECK(renamed("net.a.bn.weight", two).rules == std::vector<size_t>{0, 1, 2});
  std::vector<RenameRule> twice(60, {{}, "*", "{1}{1}", true});  // a name that would have 2^60 letters
  CHECK(path_of("a", twice).size() < 200'000);
}

TEST_CASE("random weights: He's variance, the documented ranges, and no layer depends on another") {
  const std::string first = "{id: c, conv: {kernel: 3, out: 64, batch_norm: {eps: 1.0e-3}}}",
                    second = "{id: d, conv: {kernel: 3, out: 64, bias: true}}";
  Graph both = from_text(small_spec("8, 8, 32", {first, second}, "d")).graph();
  bind_random(both, 7);
  const auto values = [](const Graph& graph, const std::string& path) {
    for (const Constant& constant : graph.constants)
      if (constant.path == path) return *constant.values;
    return std::vector<float>{};
  };
  const auto weights = values(both, "c/weight");
  double squares = 0;
  for (const float w : weights) squares += double{w} * w;
  CHECK(squares / static_cast<double>(weights.size()) == Approx(2.0 / (9 * 32)).epsilon(0.02));
  for (const auto& [path, low, high] : {std::tuple{"c/bn/gamma", 0.9F, 1.1F},
                                        {"c/bn/var", 0.9F, 1.1F},
                                        {"c/bn/beta", -0.1F, 0.1F},
                                        {"c/bn/mean", -0.1F, 0.1F},
                                        {"d/bias", -0.1F, 0.1F}}) {
    const auto some = values(both, path);
    const auto [least, most] = std::minmax_element(some.begin(), some.end());
    CHECK((*least >= low && *most <= high && *most - *least > 0.8F * (high - low)));
  }
  Graph alone = from_text(small_spec("8, 8, 64", {second}, "d")).graph();
  bind_random(alone, 7);
  CHECK(values(alone, "d/weight") == values(both, "d/weight"));
  bind_random(alone, 8);
  CHECK(values(alone, "d/weight") != values(both, "d/weight"));
}

TEST_CASE("what is written is read back the same, in every layout") {
  for (const std::string layout : {"oihw", "hwio", "ohwi"}) {
    TestNetwork network = from_text(small_spec("6, 5, 4",
                                               {"{id: c, conv: {kernel: [3, 2], out: 6, batch_norm: {eps: 1.0e-3}}}",
                                                "{id: s, separable_conv: {kernel: 3, out: 5, depth_multiplier: 2}}",
                                                "{id: fc, dense: {out: 3, flatten: chw}}"},
                                               "fc") +
                                    "weights: {layout: " + layout + "}\n");
    INFO(network.messages());
    REQUIRE(network.diagnostics.all().empty());
    Graph graph = network.graph();
    bind_random(graph, 3);
    const std::string bytes = write_safetensors(graph, network.checked.spec);
    const WeightStore store = parse_safetensors(bytes, "w", network.diagnostics);
    Graph again = network.graph();
    bind_weights(again, network.checked.spec, store, network.diagnostics);
    INFO(network.messages());
    REQUIRE(network.diagnostics.all().empty());
    for (size_t i = 0; i < graph.constants.size(); ++i) CHECK(*again.constants[i].values == *graph.constants[i].values);
  }
}
