#include <fmt/format.h>

#include <algorithm>

#include "codegen/schedule/plan.h"
#include "codegen/schedule/tiles.h"

namespace deeper {

namespace {

/// Maps up to this width go channel block by channel block: at 7 and 8 pixels each of two threads then reads half the
/// weights (13-16 % of the time), at 28 the input is the larger part.
constexpr int64_t small_map_width = 17;
/// A dense layer reads each weight once: only sums in flight count.
constexpr int64_t dense_vectors = 8;

bool gapless(const Buffer& buffer) { return buffer.row == buffer.shape.width * buffer.pixel; }

bool is_pointwise(const Window& w) { return w.kernel == Size2{1, 1} && w.stride == Size2{1, 1}; }

/// Joins what lies without gaps: the columns of a window row, then its rows.
Taps join_taps(const Window& w, int64_t channels, const BufferSlice& slice, const Buffer& in) {
  Taps taps{w.kernel.height, w.kernel.width, channels};
  const bool whole_pixels = slice.channels == channels && in.pixel == channels;
  if (whole_pixels && (taps.columns == 1 || w.dilation.width == 1)) {
    taps.channels *= taps.columns;
    taps.columns = 1;
    if (in.row == taps.channels && (taps.rows == 1 || w.dilation.height == 1)) {
      taps.channels *= taps.rows;
      taps.rows = 1;
    }
  }
  return taps;
}

/// How many vectors of channels a tile has, for a range of so many: {vectors, blocks} in order.
std::vector<std::pair<int64_t, int64_t>> split_vectors(int64_t vectors, int64_t most) {
  std::vector<std::pair<int64_t, int64_t>> split;
  if (vectors / most > 0) split.emplace_back(most, vectors / most);
  if (vectors % most > 0) split.emplace_back(vectors % most, 1);
  return split;
}

bool segment_gapless(const Plan& plan, const Node& node, const Segment& segment) {
  if (!gapless(plan.buffer(segment.out))) return false;
  if (!segment.epilogue) return true;
  return std::all_of(segment.epilogue->ops.begin(), segment.epilogue->ops.end(), [&](const EpilogueOp& op) {
    return op.kind != EpilogueOp::Kind::add ||
           gapless(plan.buffer(plan.slice(node.inputs[static_cast<size_t>(op.operand)])));
  });
}

struct PartShape {
  int64_t first = 0, channels = 0;  ///< within the segment (within each group)
  int64_t vectors = 0, blocks = 0;
};

void add_part(Plan& plan, const Node& node, const Conv2d& conv, const Segment& segment, const PartShape& shape,
              std::string_view path, ConvKernel& kernel, int64_t& units) {
  ConvPart& part = kernel.parts.emplace_back();
  part.channel = segment.begin + shape.first;
  part.channels = shape.channels;
  part.vectors = shape.vectors;
  part.blocks = shape.blocks;
  part.out = segment.out;
  part.out_channel = segment.out_channel + shape.first;
  part.stored = shape.channels;
  const bool ends_segment = segment.begin + shape.first + shape.channels == segment.end;
  const bool ends_slice = segment.out_channel + segment.end - segment.begin == segment.out.channels;
  if (conv.groups == 1 && ends_segment && ends_slice) {
    part.stored =
        stored_channels(plan.buffer(segment.out), segment.out, part.out_channel, static_cast<int>(plan.lanes()));
  }
  const bool free_rows =
      is_pointwise(conv.window) && gapless(plan.buffer(kernel.in)) && segment_gapless(plan, node, segment);
  part.tiling = cut_map(node.shape.height, node.shape.width, most_pixels(plan.target, shape.vectors), free_rows);
  const PackedConv packed{conv.weight,  conv.bias,          conv.groups,
                          part.channel, part.channels,      shape.vectors * plan.lanes(),
                          shape.blocks, conv.window.kernel, kernel.group_in};
  part.packed = pack(plan, path, conv.groups * shape.blocks * packed.block_floats(), packed);
  part.first_unit = units;
  units += conv.groups * shape.blocks * part.tiling.bands;
}

void add_segment(Plan& plan, const Node& node, const Conv2d& conv, const Segment& segment, ConvKernel& kernel,
                 int64_t& units) {
  const std::string path = view_name(plan, segment.out);
  const int64_t channels = conv.groups > 1 ? kernel.group_out : segment.end - segment.begin;
  const bool one_pixel = node.shape.height * node.shape.width == 1;
  const int64_t vectors = (channels + plan.lanes() - 1) / plan.lanes();
  int64_t first = 0;
  for (const auto& [tile_vectors, blocks] : split_vectors(vectors, one_pixel ? dense_vectors : 2)) {
    const int64_t width = std::min(tile_vectors * blocks * plan.lanes(), channels - first);
    add_part(plan, node, conv, segment, {first, width, tile_vectors, blocks}, path, kernel, units);
    first += width;
  }
}

std::string tile_reason(const Plan& plan, const ConvPart& part) {
  const int64_t pixels = largest_tile(part.tiling);
  std::string registers = pixels == 1 ? fmt::format("{} sums in flight, each weight read once", part.vectors)
                                      : fmt::format("{} accumulators + {} of weights + 1 broadcast of {} registers",
                                                    pixels * part.vectors, part.vectors, plan.target.registers);
  return fmt::format("tile {}x{}: {}; {}", pixels, part.vectors, describe(part.tiling), registers);
}

void explain_conv(const Plan& plan, const Node& node, const ConvKernel& kernel, ScheduledStep& step) {
  for (const ConvPart& part : kernel.parts) {
    const std::string reason = tile_reason(plan, part);
    if (std::find(step.reasons.begin(), step.reasons.end(), reason) == step.reasons.end())
      step.reasons.push_back(reason);
  }
  int64_t weights = 0;
  for (const ConvPart& part : kernel.parts) weights += plan.result.packed[static_cast<size_t>(part.packed)].floats;
  const Shape& in = plan.graph.node(node.inputs[0]).shape;
  step.reasons.push_back(fmt::format("{} outermost: {} KiB of weights, {} KiB of input",
                                     kernel.order == LoopOrder::blocks_outer ? "channel blocks" : "rows",
                                     weights * 4 / 1024, in.elements().value() * 4 / 1024));
  const Buffer& buffer = plan.buffer(kernel.in);
  if (const Window& w = kernel.window; w.pad_top + w.pad_left + w.pad_bottom + w.pad_right > 0) {
    step.reasons.push_back(fmt::format(
        "no bounds checks: the input has a zeroed border of {}, {}, {}, {} pixels (top, left, bottom, right)",
        buffer.border_top, buffer.border_left, buffer.border_bottom, buffer.border_right));
  }
  if (kernel.taps.channels != kernel.group_in) {
    step.reasons.push_back(fmt::format(
        "{} lies without gaps: summed as {} of {} floats, in the same order",
        kernel.taps.rows < kernel.window.kernel.height ? "the window" : "a row of the window",
        kernel.taps.rows == 1 ? "one run" : fmt::format("{} runs", kernel.taps.rows), kernel.taps.channels));
  }
  for (const ConvPart& part : kernel.parts) {
    const Buffer& out = plan.buffer(part.out);
    if (part.out.channels == out.shape.channels || part.out_channel > 0) continue;
    step.reasons.push_back(fmt::format("writes channels {}..{} of {}'s {} in place: no concat runs", part.out.channel,
                                       part.out.channel + part.out.channels, out.name, out.shape.channels));
  }
}

std::string conv_summary(const Plan& plan, NodeId id, const Conv2d& conv) {
  const Node& node = plan.graph.node(id);
  const Window& w = conv.window;
  const std::string epilogue = describe_epilogue(node);
  const size_t parts = plan.storage.scattered[static_cast<size_t>(index(id))].size();
  std::string kind = conv.dense ? "dense layer" : fmt::format("{}x{} convolution", w.kernel.height, w.kernel.width);
  if (conv.groups > 1) kind += fmt::format(" in {} groups", conv.groups);
  if (!(w.stride == Size2{1, 1})) kind += fmt::format(", stride {}x{}", w.stride.height, w.stride.width);
  if (!(w.dilation == Size2{1, 1})) kind += fmt::format(", dilation {}x{}", w.dilation.height, w.dilation.width);
  if (parts > 1) kind = fmt::format("{}s of one input in {} parts, computed together", kind, parts);
  return fmt::format("{}, {}{}{}", kind, describe_shapes(plan, id), epilogue.empty() ? "" : ", ", epilogue);
}

}  // namespace

bool is_depthwise(const Plan& plan, NodeId id, const Conv2d& conv) {
  const int64_t in = plan.graph.node(plan.graph.node(id).inputs.at(0)).shape.channels;
  return conv.groups > 1 && conv.groups == in && conv.out_channels == in && segments(plan, id).size() == 1;
}

void plan_conv(Plan& plan, NodeId id, const Conv2d& conv, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  const Shape& in = plan.graph.node(node.inputs.at(0)).shape;
  ConvKernel kernel{conv.window,
                    conv.groups,
                    in.channels / conv.groups,
                    conv.out_channels / conv.groups,
                    {},
                    plan.slice(node.inputs[0]),
                    LoopOrder::rows_outer,
                    {}};
  kernel.taps = join_taps(conv.window, kernel.group_in, kernel.in, plan.buffer(kernel.in));
  if (node.shape.width <= small_map_width) kernel.order = LoopOrder::blocks_outer;
  step.units = 0;
  const std::vector<Segment> list = segments(plan, id);
  for (const Segment& segment : list) add_segment(plan, node, conv, segment, kernel, step.units);
  for (ConvPart& part : kernel.parts) {
    const auto holds = [&](const Segment& s) { return part.channel >= s.begin && part.channel < s.end; };
    const Segment& segment = *std::find_if(list.begin(), list.end(), holds);
    part.epilogue = place_epilogue(plan, node, segment, part.channel - segment.begin);
  }
  const auto fewer = [](const ConvPart& a, const ConvPart& b) { return a.channels < b.channels; };
  const ConvPart& first = *std::max_element(kernel.parts.begin(), kernel.parts.end(), fewer);
  step.algorithm = fmt::format("{} {}x{}", conv.dense ? "dense" : "direct", largest_tile(first.tiling), first.vectors);
  step.macs = multiply_adds(conv, in, node.shape).value();
  step.summary = conv_summary(plan, id, conv);
  explain_conv(plan, node, kernel, step);
  step.kernel = std::move(kernel);
}

void plan_depthwise(Plan& plan, NodeId id, const Conv2d& conv, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  const Segment segment = segments(plan, id).front();
  // A row of weights, the pixels' sums and one input at a time.
  const int64_t most = std::clamp<int64_t>(plan.target.registers - 10, 1, 8);
  DepthwiseKernel kernel{
      conv.window, plan.slice(node.inputs.at(0)), segment.out, 0, equal_parts(node.shape.width, most), {}, -1};
  kernel.stored = stored_channels(plan.buffer(segment.out), segment.out, 0, static_cast<int>(plan.lanes()));
  const int64_t padded = plan.whole_vectors(conv.groups);
  const Size2 taps = conv.window.kernel;
  kernel.packed = pack(plan, view_name(plan, segment.out), padded * (1 + taps.height * taps.width),
                       PackedDepthwise{conv.weight, conv.bias, taps, padded});
  kernel.epilogue = place_epilogue(plan, node, segment, 0);
  step.units = node.shape.height;
  step.macs = multiply_adds(conv, plan.graph.node(node.inputs[0]).shape, node.shape).value();
  step.algorithm = fmt::format("depthwise {}", kernel.pixels.front().size);
  const std::string epilogue = describe_epilogue(node);
  step.summary = fmt::format("{}x{} depthwise convolution, {}{}{}", conv.window.kernel.height, conv.window.kernel.width,
                             describe_shapes(plan, id), epilogue.empty() ? "" : ", ", epilogue);
  step.reasons.push_back(fmt::format(
      "vectors over channels, {} neighbouring pixels share each weight; bound by loads, not by multiply-adds",
      kernel.pixels.front().size));
  step.kernel = std::move(kernel);
}

}  // namespace deeper
