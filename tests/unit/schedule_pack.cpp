// The blob's weights: each number of a convolution at the place where its loops will read it, zeros elsewhere.
#include <catch2/catch.hpp>

#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

struct Packing {
  TestNetwork network;
  Graph graph;
  Schedule schedule;
  std::vector<float> blob;

  const std::vector<float>& values(ConstantId id) const { return *graph.constant(id).values; }
  float at(int64_t place) const { return blob.at(static_cast<size_t>(place)); }
};

Packing pack(const std::string& shape, const std::vector<std::string>& layers, const std::string& last) {
  Packing p{from_text(small_spec(shape, layers, last)), {}, {}, {}};
  REQUIRE(p.network.messages() == "");
  bind_random(p.network.graph(), 7);
  p.graph = optimize(p.network.graph(), {});
  p.schedule = deeper::schedule(p.graph, *find_target("x86-64-v3"), {});
  REQUIRE(verify(p.schedule) == "");
  p.blob = pack_weights(p.schedule, p.graph);
  REQUIRE(static_cast<int64_t>(p.blob.size()) == p.schedule.weights_floats);
  return p;
}

/// Checks all of one convolution's parts; returns how many numbers of the blob are theirs.
int64_t check_conv(const Packing& p, const Node& node) {
  const Conv2d& conv = std::get<Conv2d>(node.op);
  const int64_t taps = p.graph.constant(conv.weight).dims[1] * p.graph.constant(conv.weight).dims[2] *
                       p.graph.constant(conv.weight).dims[3];
  const int64_t group_out = conv.out_channels / conv.groups;
  int64_t met = 0;
  for (const Packed& packed : p.schedule.packed) {
    const auto* part = std::get_if<PackedConv>(&packed.content);
    if (!part || part->weight != conv.weight) continue;
    for (int64_t c = 0; c < conv.groups * part->channels; ++c) {
      const int64_t group = c / part->channels, within = c % part->channels;
      const int64_t channel = group * group_out + part->channel + within;
      const int64_t block = group * part->blocks + within / part->block_channels, lane = within % part->block_channels;
      const int64_t begin = packed.offset + block * part->block_channels * (1 + taps) + lane;
      REQUIRE(p.at(begin) == (conv.bias == ConstantId::none ? 0 : p.values(conv.bias)[static_cast<size_t>(channel)]));
      for (int64_t k = 0; k < taps; ++k)
        REQUIRE(p.at(begin + (1 + k) * part->block_channels) ==
                p.values(conv.weight)[static_cast<size_t>(channel * taps + k)]);
      met += taps + (conv.bias == ConstantId::none ? 0 : 1);
    }
  }
  CHECK(met == conv.out_channels * (taps + (conv.bias == ConstantId::none ? 0 : 1)));
  return met;
}

void check_rest_is_zero(const Packing& p, int64_t met) {
  int64_t nonzero = 0;
  for (const float value : p.blob) nonzero += value != 0 ? 1 : 0;
  CHECK(nonzero == met);  // random weights are never zero
}

TEST_CASE("a convolution's channels lie in blocks, the last one filled with zeros") {
  const Packing p = pack("6, 6, 3", {"{id: a, conv: {kernel: 3, out: 21}}"}, "a");
  check_rest_is_zero(p, check_conv(p, p.graph.nodes.at(1)));
  CHECK(p.schedule.packed.size() == 2);  // 16 channels with two vectors a tile, 5 with one
}

TEST_CASE("groups follow each other") {
  const Packing p = pack("6, 6, 6", {"{id: a, conv: {kernel: 3, out: 30, groups: 3, bias: false}}"}, "a");
  check_rest_is_zero(p, check_conv(p, p.graph.nodes.at(1)));
}

TEST_CASE("a dense layer has up to eight vectors a block") {
  const Packing p = pack("1, 1, 40", {"{id: a, dense: {out: 100}}"}, "a");
  check_rest_is_zero(p, check_conv(p, p.graph.nodes.at(1)));
  CHECK(std::get<PackedConv>(p.schedule.packed.at(0).content).block_channels == 64);
}

TEST_CASE("a depthwise convolution's channels lie side by side") {
  const Packing p = pack("6, 6, 10", {"{id: a, conv: {kernel: 3, out: 10, groups: 10}}"}, "a");
  const Conv2d& conv = std::get<Conv2d>(p.graph.nodes.at(1).op);
  for (int64_t c = 0; c < 10; ++c) {
    REQUIRE(p.at(c) == p.values(conv.bias)[static_cast<size_t>(c)]);
    for (int64_t k = 0; k < 9; ++k)
      REQUIRE(p.at((1 + k) * 16 + c) == p.values(conv.weight)[static_cast<size_t>(c * 9 + k)]);
  }
  check_rest_is_zero(p, 100);
}

TEST_CASE("vectors of a scale and bias of its own are padded to whole vectors") {
  const Packing p =
      pack("4, 4, 11", {"{id: a, max_pool: {kernel: 2, stride: 1}}", "{id: b, batch_norm: {eps: 1.0e-3}}"}, "b");
  REQUIRE(p.schedule.packed.size() == 2);
  for (const Packed& packed : p.schedule.packed) {
    const PackedVector& vector = std::get<PackedVector>(packed.content);
    CHECK(packed.floats == 16);
    for (int64_t c = 0; c < 11; ++c)
      CHECK(p.at(packed.offset + c) == p.values(vector.constant)[static_cast<size_t>(c)]);
  }
  check_rest_is_zero(p, 22);
}

TEST_CASE("the same network packs to the same bytes") {
  const std::vector<std::string> layers = {"{id: a, conv: {kernel: 3, out: 21}}", "{id: b, conv: {kernel: 1, out: 9}}"};
  CHECK(pack("6, 6, 3", layers, "b").blob == pack("6, 6, 3", layers, "b").blob);
}

}  // namespace
}  // namespace deeper
