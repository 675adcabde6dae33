#include <fmt/format.h>

#include <algorithm>

#include "codegen/schedule/arena.h"
#include "codegen/schedule/schedule_api.h"
#include "codegen/schedule/share_code.h"
#include "codegen/schedule/storage.h"
#include "codegen/schedule/tiles.h"

namespace deeper {

namespace {

/// What is wrong, the first of it; empty = nothing so far.
struct Findings {
  const Schedule& s;
  std::string first;

  template <class... Args>
  void require(bool holds, fmt::format_string<Args...> format, Args&&... args) {
    if (!holds && first.empty()) first = fmt::format(format, std::forward<Args>(args)...);
  }
};

/// Channel ranges that steps write, by buffer.
struct Write {
  BufferSlice slice;  ///< `channels` of the range itself
  int step = 0;
};

bool overlap(int64_t a, int64_t a_end, int64_t b, int64_t b_end) { return a < b_end && b < a_end; }

void check_arena(Findings& f) {
  for (size_t i = 0; i < f.s.buffers.size(); ++i) {
    const Buffer& a = f.s.buffers[i];
    f.require(a.begin % arena_alignment == 0, "buffer {} begins at {}", a.name, a.begin);
    f.require(a.begin >= 0 && a.begin + a.floats + arena_spare <= f.s.arena_floats, "buffer {} leaves the arena",
              a.name);
    f.require(a.pixel >= a.shape.channels && a.row >= (a.shape.width + a.border_left + a.border_right) * a.pixel,
              "buffer {}: strides too small", a.name);
    f.require(a.floats >= (a.shape.height + a.border_top + a.border_bottom) * a.row, "buffer {} is too small", a.name);
    f.require(a.first_step <= a.last_step, "buffer {} is never alive", a.name);
    for (size_t j = 0; j < i; ++j) {
      const Buffer& b = f.s.buffers[j];
      const bool together = a.first_step <= b.last_step && b.first_step <= a.last_step;
      f.require(!together || !overlap(a.begin, a.begin + a.floats, b.begin, b.begin + b.floats),
                "buffers {} and {} overlap", a.name, b.name);
    }
  }
}

bool inside(const Schedule& s, const BufferSlice& slice) {
  return index(slice.buffer) >= 0 && static_cast<size_t>(index(slice.buffer)) < s.buffers.size() &&
         slice.channel >= 0 && slice.channels > 0 &&
         slice.channel + slice.channels <= s.buffer(slice.buffer).shape.channels;
}

void check_read(Findings& f, const BufferSlice& slice, int step) {
  f.require(inside(f.s, slice), "step {} reads outside a buffer", step);
  if (!f.first.empty()) return;
  const Buffer& b = f.s.buffer(slice.buffer);
  f.require(b.first_step < step && step <= b.last_step, "step {} reads {} outside its lifetime", step, b.name);
}

void check_write(Findings& f, const BufferSlice& slice, int64_t channel, int64_t channels, int64_t stored, int step,
                 std::vector<Write>& writes) {
  f.require(inside(f.s, slice) && channel + channels <= slice.channels, "step {} writes outside a buffer", step);
  if (!f.first.empty()) return;
  const Buffer& b = f.s.buffer(slice.buffer);
  f.require(b.first_step <= step && step <= b.last_step, "step {} writes {} outside its lifetime", step, b.name);
  const int64_t end = slice.channel + channel + stored;
  f.require(stored == channels || (slice.channel + channel + channels == b.shape.channels && end <= b.pixel),
            "step {} stores past its channels of {}", step, b.name);
  writes.push_back({{slice.buffer, slice.channel + channel, channels}, step});
}

void check_epilogue(Findings& f, const PlacedEpilogue& epilogue, int64_t channels, int step) {
  for (const PlacedEpilogueOp& op : epilogue) {
    if (op.kind == EpilogueOp::Kind::add) {
      check_read(f, op.operand, step);
      f.require(op.channel + channels <= op.operand.channels, "step {}: operand too small", step);
    }
    for (const int packed : {op.scale, op.bias}) {
      if (packed < 0) continue;
      const bool known = static_cast<size_t>(packed) < f.s.packed.size();
      f.require(known && op.channel + channels <= f.s.packed[static_cast<size_t>(packed)].floats,
                "step {}: no such vector", step);
    }
  }
}

/// Runs cover [0, length) once, in order.
void check_runs(Findings& f, const std::vector<TileRun>& runs, int64_t length, int step) {
  int64_t covered = 0;
  for (const TileRun& run : runs) {
    f.require(run.begin == covered && run.count > 0 && run.size > 0, "step {}: tiles leave a gap", step);
    covered += run.count * run.size;
  }
  f.require(covered == length, "step {}: tiles cover {} of {} pixels", step, covered, length);
}

void check_window(Findings& f, const Window& w, const BufferSlice& in, int64_t height, int64_t width, int step) {
  const Buffer& b = f.s.buffer(in.buffer);
  f.require(b.border_top >= w.pad_top && b.border_left >= w.pad_left, "step {}: the border of {} is too small", step,
            b.name);
  f.require(b.border_bottom >= reach_beyond(b.shape.height, height, w.span_height(), w.stride.height, w.pad_top) &&
                b.border_right >= reach_beyond(b.shape.width, width, w.span_width(), w.stride.width, w.pad_left),
            "step {}: windows leave the border of {}", step, b.name);
}

void check_tiling(Findings& f, const ConvKernel& kernel, const ConvPart& part, int step) {
  const Tiling& t = part.tiling;
  const Buffer &in = f.s.buffer(kernel.in.buffer), &out = f.s.buffer(part.out.buffer);
  check_runs(f, t.rows, t.band_rows, step);
  check_runs(f, t.pixels, t.width, step);
  f.require(t.bands * t.band_rows == t.height && t.height * t.width == out.shape.height * out.shape.width,
            "step {}: bands", step);
  f.require(t.flat || (t.height == out.shape.height && t.width == out.shape.width), "step {}: another map", step);
  const auto gapless = [](const Buffer& b) { return b.row == b.shape.width * b.pixel; };
  f.require(!t.flat || (gapless(in) && gapless(out)), "step {}: flat with gaps", step);
  f.require(tile_registers(largest_tile(t), part.vectors) <= f.s.registers,
            "step {}: a tile of {}x{} does not fit {} registers", step, largest_tile(t), part.vectors, f.s.registers);
}

void check_taps(Findings& f, const ConvKernel& kernel, int step) {
  const Size2 window = kernel.window.kernel;
  const Taps& taps = kernel.taps;
  f.require(taps.rows * taps.columns * taps.channels == window.height * window.width * kernel.group_in, "step {}: taps",
            step);
  const Buffer& in = f.s.buffer(kernel.in.buffer);
  f.require(taps.channels == kernel.group_in || in.pixel == kernel.group_in, "step {}: joined taps with gaps", step);
  const bool rows_joined = taps.rows < window.height;
  f.require(!rows_joined || in.row == window.width * in.pixel, "step {}: joined rows with gaps", step);
}

void check_kernel(Findings& f, const ConvKernel& kernel, int step, std::vector<Write>& writes) {
  check_read(f, kernel.in, step);
  if (f.first.empty()) check_taps(f, kernel, step);
  int64_t units = 0;
  for (const ConvPart& part : kernel.parts) {
    check_tiling(f, kernel, part, step);
    const Buffer& out = f.s.buffer(part.out.buffer);
    check_window(f, kernel.window, kernel.in, out.shape.height, out.shape.width, step);
    f.require(part.first_unit == units, "step {}: units leave a gap", step);
    units += kernel.groups * part.blocks * part.tiling.bands;
    const int64_t width = part.vectors * f.s.lanes;
    f.require(part.channels <= part.blocks * width && part.channels > (part.blocks - 1) * width, "step {}: blocks",
              step);
    f.require(part.stored <= part.blocks * width, "step {}: stores more than it computes", step);
    const PackedConv* packed = std::get_if<PackedConv>(&f.s.packed.at(static_cast<size_t>(part.packed)).content);
    f.require(
        packed && packed->block_channels == width && packed->blocks == part.blocks && packed->channel == part.channel,
        "step {}: other weights", step);
    check_epilogue(f, part.epilogue, part.channels, step);
    for (int64_t g = 0; g < kernel.groups; ++g) {
      check_write(f, part.out, part.out_channel + g * kernel.group_out, part.channels, part.stored, step, writes);
    }
  }
  f.require(units == f.s.steps[static_cast<size_t>(step)].units, "step {}: {} units in parts", step, units);
}

void check_kernel(Findings& f, const DepthwiseKernel& kernel, int step, std::vector<Write>& writes) {
  check_read(f, kernel.in, step);
  const Buffer& out = f.s.buffer(kernel.out.buffer);
  check_window(f, kernel.window, kernel.in, out.shape.height, out.shape.width, step);
  check_runs(f, kernel.pixels, out.shape.width, step);
  check_epilogue(f, kernel.epilogue, kernel.out.channels, step);
  check_write(f, kernel.out, 0, kernel.out.channels, kernel.stored, step, writes);
}

void check_spans(Findings& f, const std::vector<PoolSpan>& spans, int64_t in, int64_t out, int64_t stride, int step) {
  int64_t covered = 0;
  for (const PoolSpan& span : spans) {
    f.require(span.begin == covered && span.end > span.begin, "step {}: pool spans leave a gap", step);
    f.require(span.taps > 0 && span.counted >= span.taps, "step {}: an empty window", step);
    f.require(span.begin * stride + span.first >= 0 && (span.end - 1) * stride + span.first + span.taps <= in,
              "step {}: a pool window leaves the map", step);
    covered = span.end;
  }
  f.require(covered == out, "step {}: pool spans cover {} of {}", step, covered, out);
}

void check_part(Findings& f, const ChannelPart& part, int step, std::vector<Write>& writes) {
  check_read(f, part.in, step);
  f.require(part.in_channel + part.channels <= part.in.channels, "step {}: input too small", step);
  check_epilogue(f, part.epilogue, part.channels, step);
  check_write(f, part.out, part.out_channel, part.channels, part.stored, step, writes);
}

void check_kernel(Findings& f, const PoolKernel& kernel, int step, std::vector<Write>& writes) {
  for (const ChannelPart& part : kernel.parts) {
    check_part(f, part, step, writes);
    if (!f.first.empty()) return;
    const Shape &in = f.s.buffer(part.in.buffer).shape, &out = f.s.buffer(part.out.buffer).shape;
    check_spans(f, kernel.rows, in.height, out.height, kernel.window.stride.height, step);
    check_spans(f, kernel.columns, in.width, out.width, kernel.window.stride.width, step);
  }
}

void check_kernel(Findings& f, const ElementwiseKernel& kernel, int step, std::vector<Write>& writes) {
  for (const ChannelPart& part : kernel.parts) check_part(f, part, step, writes);
}

void check_kernel(Findings& f, const InputKernel& kernel, int step, std::vector<Write>& writes) {
  check_write(f, kernel.out, 0, kernel.out.channels, kernel.out.channels, step, writes);
}

/// LRN, softmax and norms: whole slices.
template <class WholeSlices>
void check_kernel(Findings& f, const WholeSlices& kernel, int step, std::vector<Write>& writes) {
  check_read(f, kernel.in, step);
  f.require(kernel.in.channels == kernel.out.channels, "step {}: other channels", step);
  check_write(f, kernel.out, 0, kernel.out.channels, kernel.out.channels, step, writes);
}

/// Every channel of every buffer is written exactly once.
void check_writes(Findings& f, std::vector<Write> writes) {
  std::sort(writes.begin(), writes.end(), [](const Write& a, const Write& b) {
    return std::tuple(a.slice.buffer, a.slice.channel) < std::tuple(b.slice.buffer, b.slice.channel);
  });
  std::vector<int64_t> covered(f.s.buffers.size(), 0);
  for (const Write& write : writes) {
    int64_t& channels = covered[static_cast<size_t>(index(write.slice.buffer))];
    f.require(write.slice.channel == channels, "step {} writes channels of {} twice or leaves some out", write.step,
              f.s.buffer(write.slice.buffer).name);
    channels = write.slice.channel + write.slice.channels;
  }
  for (size_t b = 0; b < covered.size(); ++b) {
    f.require(covered[b] == f.s.buffers[b].shape.channels, "{} is not written whole", f.s.buffers[b].name);
  }
}

void check_borders(Findings& f) {
  std::vector<int> zeroed(f.s.buffers.size(), 0);
  for (size_t i = 0; i < f.s.steps.size(); ++i) {
    for (const BufferId id : f.s.steps[i].zero_borders) {
      ++zeroed.at(static_cast<size_t>(index(id)));
      f.require(f.s.buffer(id).first_step == static_cast<int>(i), "the border of {} is not zeroed first",
                f.s.buffer(id).name);
    }
  }
  for (size_t b = 0; b < zeroed.size(); ++b) {
    f.require(zeroed[b] == (f.s.buffers[b].bordered() ? 1 : 0), "the border of {} is zeroed {} times",
              f.s.buffers[b].name, zeroed[b]);
  }
}

void check_packed(Findings& f) {
  int64_t next = 0;
  for (const Packed& packed : f.s.packed) {
    f.require(packed.offset == next && packed.floats > 0 && packed.floats % f.s.lanes == 0, "weights {} leave a gap",
              packed.name);
    next += packed.floats;
  }
  f.require(next <= f.s.weights_floats, "weights leave the blob");
}

/// Steps that run another one's function could not tell it from their own.
void check_codes(Findings& f) {
  for (int i = 0; i < static_cast<int>(f.s.steps.size()); ++i) {
    const StepCode& code = f.s.steps[static_cast<size_t>(i)].code;
    if (code.leader < 0) continue;
    const bool earlier = code.leader < i && f.s.steps[static_cast<size_t>(code.leader)].code.leader < 0;
    f.require(earlier, "step {} runs the code of step {}, which has none", i, code.leader);
    f.require(earlier && shared_code(f.s, code.leader, i) == code, "step {} cannot run the code of step {}", i,
              code.leader);
  }
}

void check_heads(Findings& f) {
  const int end = static_cast<int>(f.s.steps.size()) - 1;
  for (const ScheduledHead& head : f.s.heads) {
    for (const BufferSlice& slice : {head.output, head.logits}) {
      if (slice.buffer == BufferId::none) continue;
      f.require(inside(f.s, slice) && f.s.buffer(slice.buffer).last_step == end, "head {} does not live to the end",
                head.name);
    }
  }
}

}  // namespace

std::string verify(const Schedule& schedule) {
  Findings f{schedule, {}};
  check_arena(f);
  std::vector<Write> writes;
  for (size_t i = 0; i < schedule.steps.size() && f.first.empty(); ++i) {
    const auto check = [&](const auto& kernel) { check_kernel(f, kernel, static_cast<int>(i), writes); };
    std::visit(check, schedule.steps[i].kernel);
    f.require(schedule.steps[i].units > 0, "step {} has no units", i);
    f.require(!schedule.steps[i].outputs.empty(), "step {} leaves no value that can be recorded", i);
  }
  if (f.first.empty()) check_writes(f, std::move(writes));
  check_borders(f);
  check_packed(f);
  check_heads(f);
  if (f.first.empty()) check_codes(f);
  return f.first;
}

}  // namespace deeper
