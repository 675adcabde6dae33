// What will run, in which order, with which tiles, where in memory: every decision is a field, with its reason.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "codegen/ops/op.h"
#include "codegen/ir/graph.h"
#include "codegen/schedule/target.h"
#include "dsl/spec.h"

namespace deeper {

/// One activation in memory. All distances and offsets in floats.
struct Buffer {
  std::string name;      ///< C++ identifier
  Shape shape;
  int64_t pixel = 0;     ///< distance of horizontally neighbouring pixels
  int64_t row = 0;       ///< of vertically neighbouring ones
  int64_t border_top = 0, border_left = 0, border_bottom = 0, border_right = 0;  ///< zeroed pixels around it
  int64_t begin = 0;     ///< first float in the arena, border included
  int64_t floats = 0;    ///< border included
  int first_step = 0, last_step = 0;  ///< lifetime, inclusive

  int64_t origin() const { return begin + border_top * row + border_left * pixel; }
};

/// Channels [channel, channel + channels) of a buffer.
struct BufferSlice {
  BufferId buffer = BufferId::none;
  int64_t channel = 0, channels = 0;
};

/// An epilogue whose constants have places in the packed weights and whose operand has one in the arena.
struct PlacedEpilogueOp {
  EpilogueOp::Kind kind = EpilogueOp::Kind::activation;
  ActivationSpec activation{};
  int64_t scale_offset = 0, bias_offset = 0;  ///< floats from the weights' begin
  BufferSlice operand{};
  double factor = 1;
};
using PlacedEpilogue = std::vector<PlacedEpilogueOp>;

/// `count` tiles of `pixels` neighbouring pixels, from column `begin` on.
struct PixelRun {
  int64_t begin = 0, count = 0, pixels = 0;
};

/// A range of a convolution's output channels that goes to one place with one epilogue and one tile width.
struct ConvPart {
  int64_t channel = 0, channels = 0;  ///< of the convolution's output
  int64_t vectors = 1;                ///< of the tile: N
  int64_t blocks = 0;                 ///< per group; each of vectors * lanes channels, the last one may be short
  BufferSlice out;
  PlacedEpilogue epilogue;
  int64_t weights_offset = 0, block_floats = 0;
  int64_t first_unit = 0;
};

enum class LoopOrder { blocks_outer, rows_outer };

struct ConvKernel {
  Window window;
  int64_t groups = 1;
  BufferSlice in;
  bool flat = false;        ///< the map is one row of height * width pixels
  int64_t height = 0, width = 0;  ///< as the loops see it: 1 x (h*w) when flat
  int64_t tile_rows = 1;
  std::vector<PixelRun> runs;
  LoopOrder order = LoopOrder::rows_outer;
  std::vector<ConvPart> parts;
};

struct DepthwiseKernel {
  Window window;
  BufferSlice in, out;
  std::vector<PixelRun> runs;
  PlacedEpilogue epilogue;
  int64_t weights_offset = 0;
};

/// Output rows (columns) [begin, end) whose windows hold `taps` existing rows, from `index * stride + first` on; the divisor counts `counted`.
struct PoolSpan {
  int64_t begin = 0, end = 0, first = 0, taps = 0, counted = 0;
};

struct PoolKernel {
  PoolKind kind = PoolKind::max;
  Window window;
  BufferSlice in, out;
  std::vector<PoolSpan> rows, columns;
  PlacedEpilogue epilogue;
};

struct LrnKernel {
  Lrn lrn;
  BufferSlice in, out;
};
struct SoftmaxKernel {
  BufferSlice in, out;
};
struct L2NormalizeKernel {
  L2Normalize op;
  BufferSlice in, out;
};
/// Copies, and epilogues that no other step could take.
struct ElementwiseKernel {
  BufferSlice in, out;
  PlacedEpilogue epilogue;
};
/// The caller's tensor into its buffer, subnormals to zero.
struct InputKernel {
  BufferSlice out;
};

using Kernel = std::variant<InputKernel, ConvKernel, DepthwiseKernel, PoolKernel, LrnKernel, SoftmaxKernel, L2NormalizeKernel, ElementwiseKernel>;

struct StepOutput {
  std::string path;
  BufferSlice slice;
};

struct ScheduledStep {
  std::string name;                    ///< C++ identifier, from the YAML path
  std::vector<std::string> paths;      ///< layers it computes
  std::string place;                   ///< "googlenet.yaml:61,62,64"
  Kernel kernel;
  int64_t units = 1;
  std::vector<BufferId> zero_borders;  ///< buffers whose border this step zeroes (the first to write them)
  std::vector<StepOutput> outputs;     ///< layers complete after it
  int64_t macs = 0;
  std::string summary;                 ///< "3x3 convolution, 28x28x96 -> 28x28x128, bias + relu"
  std::string algorithm;               ///< "direct 14x2"
  std::vector<std::string> reasons;    ///< why this algorithm, tile, order, buffer
};

/// Where packed weights come from.
struct PackedConv {
  ConstantId weight{}, bias = ConstantId::none;
  int64_t groups = 1;
  ConvPart part;  ///< channels, vectors, blocks, offset
};
struct PackedDepthwise {
  ConstantId weight{}, bias = ConstantId::none;
  int64_t offset = 0;
};
struct PackedVector {
  ConstantId constant{};
  int64_t offset = 0;
};
using Packed = std::variant<PackedConv, PackedDepthwise, PackedVector>;

struct ScheduledHead {
  std::string name;
  BufferSlice output, logits;  ///< logits.buffer none: not ending in a softmax
  int64_t topk = 5;
};

struct Schedule {
  std::string network;
  std::string target;
  int lanes = 1;
  Shape input;
  Preprocess preprocess;
  bool has_preprocess = false;
  std::string spec_hash;
  int threads_max = 64;
  bool embed = false;
  std::vector<Buffer> buffers;
  std::vector<ScheduledStep> steps;
  std::vector<ScheduledHead> heads;
  std::vector<Packed> packed;
  int64_t weights_floats = 0;
  int64_t arena_floats = 0;             ///< with one thread, 64 spare floats included
  int64_t arena_floats_per_thread = 0;  ///< for each further one
};

}  // namespace deeper
