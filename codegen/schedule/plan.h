// What the planning functions share: the schedule as it grows, and where everything lies.
#pragma once
#include <map>
#include <string>

#include "codegen/schedule/names.h"
#include "codegen/schedule/schedule_api.h"
#include "codegen/schedule/storage.h"

namespace deeper {

struct Plan {
  const Graph& graph;
  const Target& target;
  const ScheduleOptions& options;
  Storage storage;
  Schedule result;
  std::map<ConstantId, int> vectors;  ///< packed already
  Names step_names, weight_names;

  const BufferSlice& slice(NodeId id) const { return storage.slices[static_cast<size_t>(index(id))]; }
  const Buffer& buffer(const BufferSlice& slice) const {
    return storage.buffers[static_cast<size_t>(index(slice.buffer))];
  }
  int64_t lanes() const { return target.lanes(sizeof(float)); }
  int64_t whole_vectors(int64_t channels) const { return (channels + lanes() - 1) / lanes() * lanes(); }
};

/// A range of a node's output channels with one place and one epilogue.
struct Segment {
  int64_t begin = 0, end = 0;
  BufferSlice out;          ///< a whole named view
  int64_t out_channel = 0;  ///< of `begin` within it
  const EpilogueSlice* epilogue = nullptr;
};

/// In channel order; they cover the node's output.
std::vector<Segment> segments(const Plan& plan, NodeId id);

/// What the generated code calls a slice.
const std::string& view_name(const Plan& plan, const BufferSlice& slice);

/// The epilogue of a segment from its channel `first` on. Packs its vectors when they are met for the first time.
PlacedEpilogue place_epilogue(Plan& plan, const Node& node, const Segment& segment, int64_t first);

/// Packs a vector of one number per channel when it is met for the first time; returns its index in Schedule::packed.
int pack_vector(Plan& plan, ConstantId constant);

/// Behind what is packed so far, rounded up to whole vectors. Returns the index in Schedule::packed.
int pack(Plan& plan, std::string_view path, int64_t floats, decltype(Packed::content) content);

// Each fills kernel, units, algorithm, summary and reasons of `step` for a node of its kind.
void plan_conv(Plan& plan, NodeId id, const Conv2d& conv, ScheduledStep& step);
void plan_depthwise(Plan& plan, NodeId id, const Conv2d& conv, ScheduledStep& step);
void plan_pool(Plan& plan, NodeId id, const Pool& pool, ScheduledStep& step);
void plan_copy(Plan& plan, NodeId id, ScheduledStep& step);
void plan_affine(Plan& plan, NodeId id, const Affine& affine, ScheduledStep& step);
void plan_activation(Plan& plan, NodeId id, const Activation& activation, ScheduledStep& step);
void plan_add(Plan& plan, NodeId id, const Add& add, ScheduledStep& step);

/// True for convolutions that the depthwise kernel takes: one input and one output channel a group, one place.
bool is_depthwise(const Plan& plan, NodeId id, const Conv2d& conv);

/// Existing rows (columns) of every output's window, runs of equal ones together.
std::vector<PoolSpan> pool_spans(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t pad_before,
                                 int64_t pad_after, bool count_padding);

/// "bias + relu"; empty where there is nothing.
std::string describe_epilogue(const Node& node);
/// "28x28x192 -> 28x28x(64 | 96 | 16)".
std::string describe_shapes(const Plan& plan, NodeId id);
/// 26492928 -> "26,492,928".
std::string grouped_digits(int64_t number);

}  // namespace deeper
