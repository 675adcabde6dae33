// Each invariant of a graph, broken on purpose.
#include <catch2/catch.hpp>

#include "codegen/ir/verify.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

/// input 4x4x2, a: conv to 3, b: conv to 3, m: concat, s: sum of a and b.
Graph sample() {
  TestNetwork network = from_text(small_spec(
      "4, 4, 2",
      {"{id: m, branches: {x: [{id: a, conv: {kernel: 1, out: 3}}], y: [{id: b, conv: {kernel: 1, out: 3}}]}}"}, "m"));
  REQUIRE(network.diagnostics.all().empty());
  return network.graph();
}

constexpr NodeId a{1}, b{2}, m{3};

EpilogueSlice relu(int64_t begin, int64_t end) {
  EpilogueOp op;
  op.kind = EpilogueOp::Kind::activation;
  op.activation.kind = ActivationKind::relu;
  return {begin, end, {op}};
}

}  // namespace

TEST_CASE("a graph as built holds") { CHECK(verify(sample()) == ""); }

TEST_CASE("order, ids and shapes are looked at") {
  Graph graph = sample();
  graph.node(a).inputs[0] = b;
  CHECK(verify(graph) == "node 1 (a): input 2 is not before it");
  graph = sample();
  graph.node(b).shape.channels = 4;
  CHECK(verify(graph) == "node 2 (b): shape is 4x4x4, by the op's rule 4x4x3");
  graph = sample();
  graph.node(b).op = Input{};
  CHECK(verify(graph) == "node 2 (b): the input must be node 0, and only that");
  graph = sample();
  graph.node(b).path = "a";
  CHECK(verify(graph) == "node 2 (a): its path is taken");
  graph = sample();
  graph.node(b).aliases = {"m"};
  CHECK(verify(graph) == "node 3 (m): its path is taken");
  graph = sample();
  graph.heads[0].output = NodeId{9};
  CHECK(verify(graph) == "head main: its output does not exist");
  CHECK(verify(Graph{}) == "the graph has no nodes");
}

TEST_CASE("constants have the dims that their op needs") {
  Graph graph = sample();
  graph.constants[0].dims = {3, 1, 1, 4};
  CHECK(verify(graph) == "node 1 (a): constant a/weight is 3x1x1x4, but 3x1x1x2 is needed");
  graph = sample();
  graph.constants[0].values = std::make_shared<std::vector<float>>(5);
  CHECK(verify(graph) == "node 1 (a): constant a/weight has 5 values");
  graph = sample();
  std::get<Conv2d>(graph.node(a).op).weight = ConstantId{77};
  CHECK(verify(graph) == "node 1 (a): constant 77 does not exist");
}

TEST_CASE("epilogues cover all channels once, on ops that have one") {
  Graph graph = sample();
  graph.node(a).epilogues = {relu(0, 2), relu(2, 3)};
  CHECK(verify(graph) == "");
  graph.node(a).epilogues = {relu(0, 2)};
  CHECK(verify(graph) == "node 1 (a): epilogues cover 2 of 3 channels");
  graph.node(a).epilogues = {relu(0, 2), relu(1, 3)};
  CHECK(verify(graph) == "node 1 (a): epilogue slice 1..3 does not follow 2");
  graph = sample();
  graph.node(m).epilogues = {relu(0, 6)};
  CHECK(verify(graph) == "node 3 (m): this op has no epilogue");
  graph = sample();
  EpilogueOp add;
  add.kind = EpilogueOp::Kind::add;
  add.operand = 1;
  graph.node(b).epilogues = {{0, 3, {add}}};
  CHECK(verify(graph) == "node 2 (b): epilogue operand 1 is no input of it");
  graph.node(b).inputs.push_back(a);
  CHECK(verify(graph) == "");
  graph.node(b).inputs[1] = NodeId{0};
  CHECK(verify(graph) == "node 2 (b): epilogue operand 1 is not 4x4x3");
}

TEST_CASE("who writes into an elided concat writes nowhere else") {
  Graph graph = sample();
  std::get<Concat>(graph.node(m).op).elided = true;
  CHECK(verify(graph) == "");
  graph.node(m).inputs = {a, a};
  CHECK(verify(graph) == "node 3 (m): a cannot write into two elided concats");
  graph.node(m).inputs = {a, NodeId{0}};
  graph.node(m).shape.channels = 5;
  CHECK(verify(graph) == "node 3 (m): input cannot write in place");
}
