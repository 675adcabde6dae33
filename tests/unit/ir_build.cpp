// What layers become.
#include <catch2/catch.hpp>

#include "codegen/ir/verify.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

/// Builds without a complaint, and the graph holds.
TestNetwork sound(const std::string& yaml, const BuildOptions& options = {}) {
  TestNetwork network = from_text(yaml, options);
  INFO(network.messages());
  REQUIRE(network.diagnostics.all().empty());
  REQUIRE(verify(network.graph()) == "");
  return network;
}

std::vector<std::string> row_paths(const TestNetwork& network) {
  std::vector<std::string> paths;
  for (const LayerRow& row : network.checked.built.layers) paths.push_back(row.path);
  return paths;
}

std::vector<std::string> weights(const Graph& graph) {
  std::vector<std::string> paths;
  for (const WeightBinding& binding : graph.bindings) paths.push_back(binding.path);
  return paths;
}

}  // namespace

TEST_CASE("a convolution layer acts in order: pre, convolution, norm, activation; the last has its path") {
  TestNetwork network = sound(small_spec(
      "8, 8, 3",
      {"{id: c, conv: {kernel: 3, out: 4, pre: relu, bias: true, batch_norm: {eps: 1.0e-3}, activation: tanh}}"}, "c"));
  CHECK(print_nodes(network.graph()) ==
        "input   input                  8x8x3\n"
        "c/pre   activation relu input  8x8x3\n"
        "c/conv  conv 3x3 bias c/pre    6x6x4\n"
        "c/bn    batch_norm c/conv      6x6x4\n"
        "c       activation tanh c/bn   6x6x4\n");
}

TEST_CASE("weights are named by the layer's path") {
  const Graph graph =
      sound(
          small_spec("8, 8, 3",
                     {"{id: c, conv: {kernel: 3, out: 4, batch_norm: {eps: 1.0e-3}}}",
                      "{id: n, batch_norm: {eps: 1.0e-3, gamma: false}}",
                      "{id: s, separable_conv: {kernel: 3, out: 5, between_batch_norm: {eps: 1.0e-3, gamma: false}}}"},
                     "s"))
          .graph();
  CHECK(weights(graph) == std::vector<std::string>{"c/weight", "c/bn/gamma", "c/bn/beta", "c/bn/mean", "c/bn/var",
                                                   "n/beta", "n/mean", "n/var", "s/depthwise/weight",
                                                   "s/depthwise/bn/beta", "s/depthwise/bn/mean", "s/depthwise/bn/var",
                                                   "s/pointwise/weight", "s/pointwise/bias"});
}

TEST_CASE("a separable convolution has two rows, and counts as published") {
  const TestNetwork network = sound(small_spec(
      "19, 19, 728",
      {"{id: sep, separable_conv: {kernel: 3, pad: same, out: 728, bias: false, batch_norm: {eps: 1.0e-3}}}"}, "sep"));
  const auto& rows = network.checked.built.layers;
  REQUIRE(row_paths(network) == std::vector<std::string>{"sep/depthwise", "sep/pointwise"});
  CHECK(rows[0].cost.params.value() == 728 * 9);
  CHECK(rows[0].cost.macs.value() == 19 * 19 * 728 * 9);
  CHECK(rows[1].cost.params.value() == 728 * 728 + 2 * 728);  // moving statistics are not counted
  CHECK(rows[1].cost.macs.value() == 19 * 19 * 728 * 728);
}

TEST_CASE("a depth multiplier widens the depthwise half") {
  const TestNetwork network =
      sound(small_spec("8, 8, 3", {"{id: s, separable_conv: {kernel: 3, out: 5, depth_multiplier: 4}}"}, "s"));
  const NodeId depthwise = network.checked.built.graph.node(NodeId{2}).inputs[0];
  const auto& conv = std::get<Conv2d>(network.checked.built.graph.node(depthwise).op);
  CHECK(conv.groups == 3);
  CHECK(conv.out_channels == 12);
  CHECK(network.checked.built.graph.bindings[0].kind == WeightKind::depthwise);
}

TEST_CASE("branches become a concat in file order; their join has the path") {
  TestNetwork network = sound(small_spec(
      "8, 8, 3",
      {"{id: m, branches: {x: [{id: a, conv: {kernel: 1, out: 2}}], y: [], z: [{id: b, conv: {kernel: 1, out: 4}}]}}"},
      "m"));
  const Node& node = network.graph().node(find(network.graph(), "m"));
  CHECK(std::holds_alternative<Concat>(node.op));
  CHECK(node.shape == Shape{8, 8, 9});
  CHECK(node.inputs == std::vector<NodeId>{find(network.graph(), "a"), NodeId{0}, find(network.graph(), "b")});
  CHECK(row_paths(network).back() == "m");
}

TEST_CASE("a single branch needs no concat, and its value has both names") {
  const std::string block =
      "blocks: {two: {layers: [{id: a, conv: {kernel: 1, out: 2}}, {id: b, conv: {kernel: 1, out: 3}}]}}\n";
  const std::string spec = small_spec("8, 8, 3", {"{id: u, use: two, expect: {out: [8, 8, 3], params: 17}}"}, "u");
  TestNetwork network = sound(spec.substr(0, spec.find("layers:")) + block + spec.substr(spec.find("layers:")));
  CHECK(find(network.graph(), "u") == find(network.graph(), "u/b"));
  CHECK(network.graph().heads[0].output == find(network.graph(), "u/b"));
}

TEST_CASE("a sum of branches is a chain of additions") {
  TestNetwork network = sound(small_spec("8, 8, 3",
                                         {"{id: m, branches: {x: [{id: a, conv: {kernel: 1, out: 3}}], y: [], z: [{id: "
                                          "b, conv: {kernel: 1, out: 3}}]}, join: add}"},
                                         "m"));
  const Node& last = network.graph().node(find(network.graph(), "m"));
  CHECK(last.inputs ==
        std::vector<NodeId>{static_cast<NodeId>(index(find(network.graph(), "m")) - 1), find(network.graph(), "b")});
  CHECK_FALSE(network.graph().node(last.inputs[0]).visible);
}

TEST_CASE("a residual adds the scaled layer to its shortcut, then activates") {
  TestNetwork network = sound(
      small_spec("8, 8, 4",
                 {"{id: c, conv: {kernel: 3, pad: same_tf, stride: 2, out: 6}, residual: {shortcut: [{id: s, conv: "
                  "{kernel: 1, stride: 2, out: 6}}], scale: 0.17, activation: relu}, expect: {params: 252}}"},
                 "c"));
  const Node& relu = network.graph().node(find(network.graph(), "c"));
  REQUIRE(std::holds_alternative<Activation>(relu.op));
  const Node& sum = network.graph().node(relu.inputs[0]);
  CHECK(std::get<Add>(sum.op).factor == 0.17);
  CHECK(sum.inputs[0] == find(network.graph(), "s"));
  CHECK(row_paths(network) == std::vector<std::string>{"c", "s"});
}

TEST_CASE("pads follow the rules of the language") {
  const auto window = [](const std::string& keys, const std::string& shape) {
    TestNetwork network = sound(small_spec(shape, {"{id: c, conv: {" + keys + ", out: 2}}"}, "c"));
    return std::get<Conv2d>(network.graph().node(find(network.graph(), "c")).op).window;
  };
  CHECK(window("kernel: [1, 7], pad: same", "9, 9, 1") == Window{{1, 7}, {}, {}, 0, 3, 0, 3});
  CHECK(window("kernel: 3, dilation: 2, pad: same", "9, 9, 1") == Window{{3, 3}, {}, {2, 2}, 2, 2, 2, 2});
  CHECK(window("kernel: 3, stride: 2, pad: same_tf", "8, 9, 1") ==
        Window{{3, 3}, {2, 2}, {}, 0, 1, 1, 1});  // less on top
  CHECK(window("kernel: 2, pad: same_tf", "8, 8, 1") == Window{{2, 2}, {}, {}, 0, 0, 1, 1});
  CHECK(window("kernel: 1, stride: 3, pad: same_tf", "8, 8, 1") == Window{{1, 1}, {3, 3}, {}, 0, 0, 0, 0});
  CHECK(window("kernel: 3, pad: [1, 2, 0, 1]", "8, 8, 1") == Window{{3, 3}, {}, {}, 1, 2, 0, 1});
}

TEST_CASE("a dense layer is a convolution whose window is the whole map") {
  TestNetwork network =
      sound(small_spec("2, 3, 4", {"{id: fc, dense: {out: 5, flatten: chw}, expect: {params: 125, macs: 120}}"}, "fc"));
  const auto& conv = std::get<Conv2d>(network.graph().node(find(network.graph(), "fc")).op);
  CHECK(conv.dense);
  CHECK(conv.window.kernel == Size2{2, 3});
  CHECK(network.graph().bindings[0].flatten == FlattenOrder::chw);
  CHECK(network.graph().constant(conv.weight).dims == std::vector<int64_t>{5, 2, 3, 4});
}

TEST_CASE("logits are what enters a head's last softmax") {
  const std::string head =
      "heads: {main: {from: c, layers: [{id: prob, softmax: {}}, {dropout: {}}]}, tap: {from: c, layers: []}, act: "
      "{from: c, layers: [{id: d, dense: {out: 2, flatten: hwc, activation: softmax}}]}}\n";
  const std::string spec = small_spec("8, 8, 3", {"{id: c, conv: {kernel: 1, out: 2}}"}, "c");
  TestNetwork network = sound(spec.substr(0, spec.find("heads:")) + head);
  const Graph& graph = network.graph();
  CHECK(graph.heads[0].logits == find(graph, "c"));
  CHECK(graph.heads[1].logits == NodeId::none);
  CHECK(graph.heads[1].output == find(graph, "c"));
  REQUIRE(graph.heads[2].logits != NodeId::none);
  CHECK(std::get<Conv2d>(graph.node(graph.heads[2].logits).op).dense);
}

TEST_CASE("lrn's alpha is divided by its size, unless it is said per element") {
  TestNetwork network = sound(small_spec(
      "4, 4, 8",
      {"{id: a, lrn: {size: 5, alpha: 1.0e-4}}", "{id: b, lrn: {size: 5, alpha: 1.0e-4, alpha_mode: per_element}}"},
      "b"));
  const Lrn& window = std::get<Lrn>(network.graph().node(find(network.graph(), "a")).op);
  const Lrn& element = std::get<Lrn>(network.graph().node(find(network.graph(), "b")).op);
  CHECK(factor(window) == 1e-4 / 5);
  CHECK(factor(element) == 1e-4);
  CHECK(details(window) == "size 5 alpha 1.0e-4 beta 0.75 k 1");  // people read what they wrote
  CHECK(channels_before({.size = 4}) == 1);
  CHECK(channels_before({.size = 4, .window = LrnWindow::pytorch}) == 2);
  CHECK(channels_before({.size = 5}) == channels_before({.size = 5, .window = LrnWindow::pytorch}));
  CHECK(details({.size = 4, .window = LrnWindow::pytorch}) == "size 4 pytorch's window alpha 1.0e-4 beta 0.75 k 1");
  CHECK(details(element) == "size 5 alpha 1.0e-4 per element beta 0.75 k 1");
}

TEST_CASE("a plain number that fails where a param is overridden is a note, one with params an error") {
  const std::string spec =
      "deeper: 1\nname: p\nparams: {n: 4}\ninput: {shape: [4, 4, 2]}\nlayers: [{id: c, conv: {kernel: 1, out: $n}, "
      "expect: {params: 12}}, "
      "{id: d, conv: {kernel: 1, out: 1}, expect: {params: $n + 1}}]\nheads: {main: {from: d, layers: []}}\n";
  CHECK(from_text(spec).diagnostics.all().empty());
  const TestNetwork wider = from_text(spec, {}, {{"n=8"}});
  REQUIRE(wider.diagnostics.all().size() == 1);
  CHECK(wider.diagnostics.all()[0].severity == Severity::note);
  CHECK(wider.diagnostics.all()[0].message == "c has 24 parameters, but 12 are expected");
  std::string wrong = spec;
  wrong.replace(wrong.find("$n + 1"), 6, "$n + 2");
  CHECK(from_text(wrong, {}, {{"n=8"}}).diagnostics.error_count() == 1);
}

TEST_CASE("a spec made in memory is held to the bounds that the reader would have told") {
  const auto complaint = [](const std::array<int64_t, 3>& input, const LayerOp& op) {
    NetworkSpec spec;
    spec.name = "made";
    spec.input = input;
    Layer layer;
    layer.path = "it";
    layer.body = op;
    spec.layers.push_back(layer);
    Sources sources;
    Diagnostics diagnostics;
    build(spec, {}, sources, diagnostics);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].id == "bad-size");
    return diagnostics.all()[0].message;
  };
  ConvLayer conv;
  conv.out = 1;
  CHECK(complaint({4, -4, 1}, conv) == "the input is 4x-4x1: no side can be below 1");
  conv.stride.width = 0;
  CHECK(complaint({4, 4, 1}, conv) == "kernel, stride and dilation must be at least 1, pads at least 0");
  conv.stride.width = 1;
  conv.out = 0;
  CHECK(complaint({4, 4, 1}, conv) == "`out` is 0 and `groups` 1: both must be at least 1");
  conv.out = 1;
  conv.pad = {Pad::Mode::numbers, -1, 0, 0, 0};
  CHECK(complaint({4, 4, 1}, conv) == "kernel, stride and dilation must be at least 1, pads at least 0");
  LrnLayer lrn;
  lrn.size = 0;
  CHECK(complaint({4, 4, 1}, lrn) == "`size` is 0: it counts channels, at least 1");
}
