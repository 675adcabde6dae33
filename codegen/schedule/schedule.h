// What will run, in which order, with which tiles, where in memory: every decision is a field, with its reason.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "codegen/ir/graph.h"
#include "codegen/ops/op.h"
#include "codegen/schedule/target.h"
#include "dsl/spec.h"

namespace deeper {

/// One activation in memory. All distances and offsets in floats.
struct Buffer {
  std::string name;  ///< C++ identifier
  Shape shape;
  int64_t pixel = 0;  ///< distance of horizontally neighbouring pixels
  int64_t row = 0;    ///< of vertically neighbouring ones
  int64_t border_top = 0, border_left = 0, border_bottom = 0, border_right = 0;  ///< zeroed pixels around it
  int64_t begin = 0;                  ///< first float in the arena, border included
  int64_t floats = 0;                 ///< border included
  int first_step = 0, last_step = 0;  ///< lifetime, inclusive

  int64_t origin() const { return begin + border_top * row + border_left * pixel; }
  bool bordered() const { return border_top + border_left + border_bottom + border_right > 0; }
};

/// Channels [channel, channel + channels) of a buffer.
struct BufferSlice {
  BufferId buffer = BufferId::none;
  int64_t channel = 0, channels = 0;
  friend bool operator==(const BufferSlice&, const BufferSlice&) = default;
};

/// A slice with a name: what the generated code calls it.
struct NamedView {
  std::string name;  ///< C++ identifier
  BufferSlice slice;
};

/// An epilogue whose constants have places in the packed weights and whose operand has one in the arena.
struct PlacedEpilogueOp {
  EpilogueOp::Kind kind = EpilogueOp::Kind::activation;
  ActivationSpec activation{};
  int scale = -1, bias = -1;  ///< indices into Schedule::packed
  BufferSlice operand{};      ///< a whole named view
  int64_t channel = 0;        ///< of those vectors or that operand: where the part's first channel is
  double factor = 1;
  friend bool operator==(const PlacedEpilogueOp&, const PlacedEpilogueOp&) = default;
};
using PlacedEpilogue = std::vector<PlacedEpilogueOp>;

/// `count` tiles of `size` neighbouring pixels (or rows), from pixel (row) `begin` on.
struct TileRun {
  int64_t begin = 0, count = 0, size = 0;
  friend bool operator==(const TileRun&, const TileRun&) = default;
};

/// How a map is cut into register tiles. Units of work are bands of rows; every band is cut the same way.
struct Tiling {
  int64_t height = 0, width = 0;     ///< as the loops see the map
  bool flat = false;                 ///< its rows have no gaps and were cut anew: pixel (y, x) is number y * width + x
  int64_t bands = 0, band_rows = 0;  ///< height = bands * band_rows
  std::vector<TileRun> rows;         ///< of one band
  std::vector<TileRun> pixels;       ///< of one row
  friend bool operator==(const Tiling&, const Tiling&) = default;
};

/// A range of a convolution's output channels (with groups: of each group's) that goes to one place with one epilogue
/// and one tile.
struct ConvPart {
  int64_t channel = 0, channels = 0;  ///< of the convolution's output (of the first group's)
  int64_t vectors = 1;                ///< of the tile: N
  int64_t blocks = 0;                 ///< per group; each of vectors * lanes channels, the last one may be short
  BufferSlice out;                    ///< the whole slice that this part belongs to
  int64_t out_channel = 0;            ///< this part's first channel within it
  int64_t stored = 0;                 ///< channels to store: padding behind the slice included where it belongs to it
  Tiling tiling;
  PlacedEpilogue epilogue;
  int packed = -1;  ///< index into Schedule::packed
  int64_t first_unit = 0;
  friend bool operator==(const ConvPart&, const ConvPart&) = default;
};

enum class LoopOrder { blocks_outer, rows_outer };

/// A window as the kernel sums it. Taps that lie one behind the other in memory are one run: `channels` floats then
/// hold several columns, or the whole window. The order of the sum stays (row, column, channel).
struct Taps {
  int64_t rows = 1, columns = 1, channels = 0;
  friend bool operator==(const Taps&, const Taps&) = default;
};

struct ConvKernel {
  Window window;
  int64_t groups = 1, group_in = 0, group_out = 0;  ///< groups; channels of one: read, written
  Taps taps;
  BufferSlice in;
  LoopOrder order = LoopOrder::rows_outer;
  std::vector<ConvPart> parts;  ///< those of one slice are neighbours
  friend bool operator==(const ConvKernel&, const ConvKernel&) = default;
};

struct DepthwiseKernel {
  Window window;
  BufferSlice in, out;
  int64_t stored = 0;
  std::vector<TileRun> pixels;
  PlacedEpilogue epilogue;
  int packed = -1;  ///< index into Schedule::packed
  friend bool operator==(const DepthwiseKernel&, const DepthwiseKernel&) = default;
};

/// Output rows (columns) [begin, end) whose windows hold `taps` existing rows, from `index * stride + first` on; the
/// divisor counts `counted`.
struct PoolSpan {
  int64_t begin = 0, end = 0, first = 0, taps = 0, counted = 0;
  friend bool operator==(const PoolSpan&, const PoolSpan&) = default;
};

/// A range of channels that goes through one epilogue to one place: `in` from in_channel on becomes `out` from
/// out_channel on.
struct ChannelPart {
  BufferSlice in, out;
  int64_t in_channel = 0, out_channel = 0;
  int64_t channels = 0, stored = 0;
  PlacedEpilogue epilogue;
  friend bool operator==(const ChannelPart&, const ChannelPart&) = default;
};

struct PoolKernel {
  PoolKind kind = PoolKind::max;
  Window window;
  std::vector<PoolSpan> rows, columns;
  std::vector<ChannelPart> parts;  ///< a unit is an output row with all parts
  friend bool operator==(const PoolKernel&, const PoolKernel&) = default;
};

/// How s^beta is computed.
enum class LrnPower { three_quarters, half, one, any };

struct LrnKernel {
  Lrn lrn;
  LrnPower power = LrnPower::any;
  BufferSlice in, out;
  friend bool operator==(const LrnKernel&, const LrnKernel&) = default;
};
struct SoftmaxKernel {
  BufferSlice in, out;
  friend bool operator==(const SoftmaxKernel&, const SoftmaxKernel&) = default;
};
struct L2NormalizeKernel {
  L2Normalize op;
  BufferSlice in, out;
  friend bool operator==(const L2NormalizeKernel&, const L2NormalizeKernel&) = default;
};
/// Copies, and epilogues that no other step could take. A unit is a row with all parts.
struct ElementwiseKernel {
  std::vector<ChannelPart> parts;
  friend bool operator==(const ElementwiseKernel&, const ElementwiseKernel&) = default;
};
/// The caller's tensor into its buffer, subnormals to zero.
struct InputKernel {
  BufferSlice out;
  friend bool operator==(const InputKernel&, const InputKernel&) = default;
};

using Kernel = std::variant<InputKernel, ConvKernel, DepthwiseKernel, PoolKernel, LrnKernel, SoftmaxKernel,
                            L2NormalizeKernel, ElementwiseKernel>;

/// Whose function a step runs. Steps that do the same work on the same places, and differ only in where their weights
/// lie, need one function.
struct StepCode {
  int leader = -1;                        ///< index of an earlier step, whose function runs; -1: the step's own
  int weights = -1, leader_weights = -1;  ///< indices into Schedule::packed, the first of each step; -1: it has none
  friend bool operator==(const StepCode&, const StepCode&) = default;
};

struct StepOutput {
  std::string path;  ///< of a layer; of several, joined by "+", where the value is no layer's own
  BufferSlice slice;
  std::vector<std::string> layers;  ///< whose work the step does on it, in order
};

struct ScheduledStep {
  std::string name;                ///< C++ identifier, from the YAML path
  std::vector<std::string> paths;  ///< layers it computes
  std::string place;               ///< "inception_v1.yaml:17,18,19 in googlenet.yaml:32"
  Kernel kernel;
  StepCode code;
  int64_t units = 1;
  std::vector<BufferId> zero_borders;  ///< buffers whose border this step zeroes (the first to write them)
  std::vector<StepOutput> outputs;     ///< layers complete after it
  int64_t macs = 0;
  std::string summary;               ///< "3x3 convolution, 28x28x96 -> 28x28x128, bias + relu"
  std::string algorithm;             ///< "direct 14x2"
  std::vector<std::string> reasons;  ///< why this algorithm, tile, order, buffer
};

/// Blocks of a convolution's weights: [group][block][bias | row][column][input channel][block_channels].
struct PackedConv {
  ConstantId weight{}, bias = ConstantId::none;
  int64_t groups = 1;
  int64_t channel = 0, channels = 0;  ///< of the convolution's output (of the first group's)
  int64_t block_channels = 0;         ///< vectors * lanes
  int64_t blocks = 0;                 ///< per group
  Size2 kernel;
  int64_t group_in = 0;

  int64_t block_floats() const { return (1 + kernel.height * kernel.width * group_in) * block_channels; }
  friend bool operator==(const PackedConv&, const PackedConv&) = default;
};
/// [bias | row][column][channels rounded up to whole vectors].
struct PackedDepthwise {
  ConstantId weight{}, bias = ConstantId::none;
  Size2 kernel;
  int64_t padded_channels = 0;
  friend bool operator==(const PackedDepthwise&, const PackedDepthwise&) = default;
};
/// One number per channel, rounded up to whole vectors.
struct PackedVector {
  ConstantId constant{};
  int64_t padded_channels = 0;
  friend bool operator==(const PackedVector&, const PackedVector&) = default;
};

/// A part of the packed weights and where it comes from.
struct Packed {
  std::string name;  ///< C++ identifier
  int64_t offset = 0, floats = 0;
  std::variant<PackedConv, PackedDepthwise, PackedVector> content;
  friend bool operator==(const Packed&, const Packed&) = default;
};

struct ScheduledHead {
  std::string name;
  BufferSlice output, logits;  ///< logits.buffer none: not ending in a softmax
  int64_t topk = 5;
};

struct Schedule {
  std::string network;
  std::string target;
  std::string runtime_namespace;          ///< of the target's row alone
  std::vector<std::string> flags;         ///< for the compiler
  std::vector<std::string> cpu_features;  ///< what the CPU must have, by their names in rt::cpu
  bool fused = true;                      ///< a multiply-add rounds once
  int lanes = 1;
  int registers = 0;
  Shape input;
  Preprocess preprocess;
  bool has_preprocess = false;
  std::string spec_hash;
  int threads_max = 64;
  bool embed = false;
  std::vector<Buffer> buffers;
  std::vector<NamedView> views;  ///< every slice that a function, an output or a head refers to; whole buffers first
  std::vector<ScheduledStep> steps;
  std::vector<ScheduledHead> heads;
  std::vector<Packed> packed;  ///< in step order, without gaps
  int64_t weights_floats = 0;
  int64_t arena_floats = 0;             ///< with one thread, 64 spare floats included
  int64_t arena_floats_per_thread = 0;  ///< for each further one

  const Buffer& buffer(BufferId id) const { return buffers[static_cast<size_t>(index(id))]; }
  /// How many floats behind its leader's weights a step's lie.
  int64_t weights_shift(const StepCode& code) const {
    if (code.weights < 0) return 0;
    return packed[static_cast<size_t>(code.weights)].offset - packed[static_cast<size_t>(code.leader_weights)].offset;
  }
};

}  // namespace deeper
