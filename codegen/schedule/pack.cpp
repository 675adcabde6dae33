#include <cassert>

#include "codegen/schedule/schedule_api.h"

namespace deeper {

namespace {

struct Packer {
  const Graph& graph;
  std::span<float> blob;

  const std::vector<float>& values(ConstantId id) const {
    assert(graph.constant(id).values && "weights are bound before they are packed");
    return *graph.constant(id).values;
  }

  /// One output channel of a convolution into lane `lane` of a block.
  void put_channel(const PackedConv& conv, int64_t channel, int64_t block, int64_t lane) {
    const Constant& weight = graph.constant(conv.weight);
    const int64_t taps = weight.dims.at(1) * weight.dims.at(2) * weight.dims.at(3);
    float* to = blob.data() + block + lane;
    if (conv.bias != ConstantId::none) to[0] = values(conv.bias)[static_cast<size_t>(channel)];
    const float* from = values(conv.weight).data() + channel * taps;
    for (int64_t k = 0; k < taps; ++k) to[(1 + k) * conv.block_channels] = from[k];
  }

  void operator()(const PackedConv& conv, int64_t offset) {
    const int64_t group_out = graph.constant(conv.weight).dims.at(0) / conv.groups;
    for (int64_t group = 0; group < conv.groups; ++group) {
      for (int64_t c = 0; c < conv.channels; ++c) {
        const int64_t block = group * conv.blocks + c / conv.block_channels;
        put_channel(conv, group * group_out + conv.channel + c, offset + block * conv.block_floats(),
                    c % conv.block_channels);
      }
    }
  }

  void operator()(const PackedDepthwise& conv, int64_t offset) {
    const Constant& weight = graph.constant(conv.weight);
    const int64_t channels = weight.dims.at(0), taps = weight.dims.at(1) * weight.dims.at(2);
    for (int64_t c = 0; c < channels; ++c) {
      float* to = blob.data() + offset + c;
      if (conv.bias != ConstantId::none) to[0] = values(conv.bias)[static_cast<size_t>(c)];
      for (int64_t k = 0; k < taps; ++k)
        to[(1 + k) * conv.padded_channels] = values(conv.weight)[static_cast<size_t>(c * taps + k)];
    }
  }

  void operator()(const PackedVector& vector, int64_t offset) {
    const std::vector<float>& from = values(vector.constant);
    std::copy(from.begin(), from.end(), blob.begin() + offset);
  }
};

}  // namespace

void pack_weights(const Schedule& schedule, const Graph& graph, std::span<float> blob) {
  assert(blob.size() == static_cast<size_t>(schedule.weights_floats));
  Packer packer{graph, blob};
  for (const Packed& packed : schedule.packed)
    std::visit([&](const auto& content) { packer(content, packed.offset); }, packed.content);
}

std::vector<float> pack_weights(const Schedule& schedule, const Graph& graph) {
  std::vector<float> blob(static_cast<size_t>(schedule.weights_floats));
  pack_weights(schedule, graph, blob);
  return blob;
}

}  // namespace deeper
