// Which memory holds which node's output: concats are buffers whose inputs write their channel ranges, slices of a
// merged convolution are written directly where they belong.
#pragma once
#include <vector>

#include "codegen/ir/graph.h"
#include "codegen/schedule/schedule.h"

namespace deeper {

/// Nodes that read each node, in order; epilogue operands count.
std::vector<std::vector<NodeId>> find_readers(const Graph& graph);

struct Storage {
  std::vector<BufferSlice>
      slices;  ///< one per node; buffer none for a convolution whose output exists only as its slices
  std::vector<std::vector<NodeId>> scattered;  ///< one per node: the Slice nodes that take such a convolution's place
  std::vector<Buffer> buffers;                 ///< shapes, borders and strides; no places in the arena yet
  std::vector<NamedView> views;                ///< whole buffers first
};

Storage assign_storage(const Graph& graph, int lanes);

/// Channels that a kernel may store from channel `first` of the slice on: to its end, and where the slice ends its
/// buffer also the padding up to a whole vector.
int64_t stored_channels(const Buffer& buffer, const BufferSlice& slice, int64_t first, int lanes);

/// Rows (columns) behind a map of `in` pixels that `out` windows reach into.
int64_t reach_beyond(int64_t in, int64_t out, int64_t span, int64_t stride, int64_t pad_before);

}  // namespace deeper
