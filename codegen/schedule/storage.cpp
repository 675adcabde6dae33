#include "codegen/schedule/storage.h"

#include <algorithm>
#include <cassert>

#include "codegen/schedule/names.h"

namespace deeper {

namespace {

/// Where a node's output lies: channels from `channel` on of what `node` stores.
struct Link {
  NodeId node = NodeId::none;
  int64_t channel = 0;
};

bool is_head_value(const Graph& graph, NodeId id) {
  return std::any_of(graph.heads.begin(), graph.heads.end(),
                     [&](const GraphHead& head) { return head.output == id || head.logits == id; });
}

/// The Slice nodes that can stand for a convolution's output: they are its only readers and share out its channels.
std::vector<NodeId> scatter(const Graph& graph, NodeId id, std::vector<NodeId> readers) {
  const Node& node = graph.node(id);
  if (!std::holds_alternative<Conv2d>(node.op) || node.visible || is_head_value(graph, id)) return {};
  const auto slice_of = [&](NodeId reader) { return std::get_if<Slice>(&graph.node(reader).op); };
  if (!std::all_of(readers.begin(), readers.end(), slice_of)) return {};
  std::sort(readers.begin(), readers.end(),
            [&](NodeId a, NodeId b) { return slice_of(a)->begin < slice_of(b)->begin; });
  int64_t covered = 0;
  for (const NodeId reader : readers) {
    if (slice_of(reader)->begin != covered) return {};
    covered = slice_of(reader)->end;
  }
  return covered == node.shape.channels ? readers : std::vector<NodeId>{};
}

std::vector<Link> find_links(const Graph& graph, const Storage& storage) {
  std::vector<Link> links(graph.nodes.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    if (const auto* concat = std::get_if<Concat>(&node.op); concat && concat->elided) {
      int64_t channel = 0;
      for (const NodeId input : node.inputs) {
        Link& link = links[static_cast<size_t>(index(input))];
        assert(link.node == NodeId::none && "an elided concat's input has one place");
        link = {static_cast<NodeId>(n), channel};
        channel += graph.node(input).shape.channels;
      }
    } else if (const auto* slice = std::get_if<Slice>(&node.op)) {
      if (storage.scattered[static_cast<size_t>(index(node.inputs[0]))].empty()) {
        links[n] = {node.inputs[0], slice->begin};
      }
    }
  }
  return links;
}

/// A quarter of a vector that is mostly padding costs more than partial stores do; a pixel stride of 4 KiB would put
/// all pixels of a tile into one set of the L1 cache.
int64_t pixel_stride(const Shape& shape, int lanes) {
  if (shape.channels * 2 < lanes) return shape.channels;
  const int64_t whole = (shape.channels + lanes - 1) / lanes * lanes;
  return whole % 1024 == 0 && shape.height * shape.width > 1 ? whole + lanes : whole;
}

void widen_borders(const Graph& graph, Storage& storage) {
  for (const Node& node : graph.nodes) {
    const auto* conv = std::get_if<Conv2d>(&node.op);
    if (!conv) continue;
    const BufferSlice& in = storage.slices[static_cast<size_t>(index(node.inputs[0]))];
    Buffer& buffer = storage.buffers[static_cast<size_t>(index(in.buffer))];
    const Window& w = conv->window;
    const auto widen = [](int64_t& border, int64_t needed) { border = std::max(border, needed); };
    widen(buffer.border_top, w.pad_top);
    widen(buffer.border_left, w.pad_left);
    widen(buffer.border_bottom,
          reach_beyond(buffer.shape.height, node.shape.height, w.span_height(), w.stride.height, w.pad_top));
    widen(buffer.border_right,
          reach_beyond(buffer.shape.width, node.shape.width, w.span_width(), w.stride.width, w.pad_left));
  }
}

void lay_out(Buffer& buffer) {
  buffer.row = (buffer.border_left + buffer.shape.width + buffer.border_right) * buffer.pixel;
  buffer.floats = (buffer.border_top + buffer.shape.height + buffer.border_bottom) * buffer.row;
}

void name_views(const Graph& graph, Names& names, Storage& storage) {
  for (size_t b = 0; b < storage.buffers.size(); ++b) {
    const Buffer& buffer = storage.buffers[b];
    storage.views.push_back({buffer.name, {static_cast<BufferId>(b), 0, buffer.shape.channels}});
  }
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const BufferSlice& slice = storage.slices[n];
    if (slice.buffer == BufferId::none) continue;
    const auto known = [&](const NamedView& view) { return view.slice == slice; };
    if (std::any_of(storage.views.begin(), storage.views.end(), known)) continue;
    storage.views.push_back({names.unique(graph.nodes[n].path), slice});
  }
}

}  // namespace

std::vector<std::vector<NodeId>> find_readers(const Graph& graph) {
  std::vector<std::vector<NodeId>> readers(graph.nodes.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    for (const NodeId input : graph.nodes[n].inputs) {
      std::vector<NodeId>& list = readers[static_cast<size_t>(index(input))];
      if (list.empty() || list.back() != static_cast<NodeId>(n)) list.push_back(static_cast<NodeId>(n));
    }
  }
  return readers;
}

int64_t reach_beyond(int64_t in, int64_t out, int64_t span, int64_t stride, int64_t pad_before) {
  return std::max<int64_t>(0, (out - 1) * stride + span - pad_before - in);
}

int64_t stored_channels(const Buffer& buffer, const BufferSlice& slice, int64_t first, int lanes) {
  const int64_t valid = slice.channels - first;
  const int64_t begin = slice.channel + first;
  if (slice.channel + slice.channels != buffer.shape.channels) return valid;
  const int64_t padded = (valid + lanes - 1) / lanes * lanes;
  return begin + padded <= buffer.pixel ? padded : valid;
}

Storage assign_storage(const Graph& graph, int lanes) {
  Storage storage;
  const std::vector<std::vector<NodeId>> readers = find_readers(graph);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    storage.scattered.push_back(readers[n].empty() ? std::vector<NodeId>{}
                                                   : scatter(graph, static_cast<NodeId>(n), readers[n]));
  }
  const std::vector<Link> links = find_links(graph, storage);
  Names names;
  std::vector<BufferId> own(graph.nodes.size(), BufferId::none);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (links[n].node != NodeId::none || !storage.scattered[n].empty()) continue;
    own[n] = static_cast<BufferId>(storage.buffers.size());
    const Node& node = graph.nodes[n];
    Buffer& buffer = storage.buffers.emplace_back();
    buffer.name = names.unique(node.path);
    buffer.shape = node.shape;
    buffer.pixel = pixel_stride(node.shape, lanes);
  }
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    BufferSlice& slice = storage.slices.emplace_back();
    if (!storage.scattered[n].empty()) continue;
    slice.channels = graph.nodes[n].shape.channels;
    size_t at = n;
    for (; links[at].node != NodeId::none; at = static_cast<size_t>(index(links[at].node))) {
      slice.channel += links[at].channel;
    }
    slice.buffer = own[at];
  }
  widen_borders(graph, storage);
  for (Buffer& buffer : storage.buffers) lay_out(buffer);
  name_views(graph, names, storage);
  return storage;
}

}  // namespace deeper
