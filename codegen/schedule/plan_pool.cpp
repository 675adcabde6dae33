#include <fmt/format.h>

#include <algorithm>

#include "codegen/schedule/plan.h"

namespace deeper {

namespace {

std::string_view word(PoolKind kind) { return kind == PoolKind::max ? "max" : "average"; }

std::string spans_reason(const PoolKernel& kernel) {
  if (kernel.rows.size() == 1 && kernel.columns.size() == 1) return "every window lies inside the input: no edges";
  return fmt::format(
      "no border and no bounds checks: {} kinds of rows and {} of columns, edges apart from the interior",
      kernel.rows.size(), kernel.columns.size());
}

}  // namespace

std::vector<PoolSpan> pool_spans(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t pad_before,
                                 int64_t pad_after, bool count_padding) {
  std::vector<PoolSpan> spans;
  for (int64_t i = 0; i < out; ++i) {
    const int64_t start = i * stride - pad_before;
    const int64_t begin = std::max<int64_t>(start, 0), end = std::min(start + kernel, in);
    const int64_t counted = count_padding ? std::min(start + kernel, in + pad_after) - start : end - begin;
    const PoolSpan span{i, i + 1, begin - i * stride, end - begin, counted};
    PoolSpan* last = spans.empty() ? nullptr : &spans.back();
    if (last && last->first == span.first && last->taps == span.taps && last->counted == span.counted) {
      last->end = i + 1;
    } else {
      spans.push_back(span);
    }
  }
  return spans;
}

void plan_pool(Plan& plan, NodeId id, const Pool& pool, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  const Shape& in = plan.graph.node(node.inputs.at(0)).shape;
  const Window& w = pool.window;
  const bool padding = pool.average == AverageCount::include_pad;
  PoolKernel kernel{pool.kind, w, {}, {}, {}};
  kernel.rows =
      pool_spans(in.height, node.shape.height, w.kernel.height, w.stride.height, w.pad_top, w.pad_bottom, padding);
  kernel.columns =
      pool_spans(in.width, node.shape.width, w.kernel.width, w.stride.width, w.pad_left, w.pad_right, padding);
  for (const Segment& s : segments(plan, id)) {
    ChannelPart& part = kernel.parts.emplace_back();
    part = {plan.slice(node.inputs[0]), s.out, s.begin, s.out_channel, s.end - s.begin, s.end - s.begin, {}};
    if (s.out_channel + part.channels == s.out.channels) {
      part.stored = stored_channels(plan.buffer(s.out), s.out, s.out_channel, static_cast<int>(plan.lanes()));
    }
    part.epilogue = place_epilogue(plan, node, s, 0);
  }
  step.units = node.shape.height;
  step.algorithm = fmt::format("{} pool", word(pool.kind));
  const std::string epilogue = describe_epilogue(node);
  const std::string kind = pool.global ? fmt::format("global {} pool", word(pool.kind))
                                       : fmt::format("{}x{} {} pool, stride {}x{}", w.kernel.height, w.kernel.width,
                                                     word(pool.kind), w.stride.height, w.stride.width);
  step.summary = fmt::format("{}, {}{}{}", kind, describe_shapes(plan, id), epilogue.empty() ? "" : ", ", epilogue);
  step.reasons.push_back(spans_reason(kernel));
  step.kernel = std::move(kernel);
}

}  // namespace deeper
