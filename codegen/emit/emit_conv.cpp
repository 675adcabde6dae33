#include <algorithm>

#include "codegen/emit/emission.h"

namespace deeper {

namespace {

/// "{.rows = 3, .columns = 3, .channels = 96, .row = in.row, .column = in.pixel}".
std::string window_text(const Window& w, const Taps& taps, int64_t channels) {
  std::string run = std::to_string(channels);
  if (taps.columns < w.kernel.width) run = fmt::format("{} * {}", w.kernel.width, run);
  if (taps.rows < w.kernel.height) run = fmt::format("{} * {}", w.kernel.height, run);
  return fmt::format("{{.rows = {}, .columns = {}, .channels = {}, .row = {}, .column = {}}}", taps.rows, taps.columns,
                     run, scaled("in.row", w.dilation.height, 0), scaled("in.pixel", w.dilation.width, 0));
}

/// Texts of one part that its tiles share.
struct PartText {
  std::string channel;   ///< first output channel of the block, relative to the part
  std::string channels;  ///< how many are stored
  std::string group;     ///< offset of the group's input channels
};

/// The loop over units and the constants of a block; leaves `channel` and the like defined where they are no plain
/// expressions.
PartText emit_block_constants(Emission& e, const ConvKernel& kernel, const ConvPart& part) {
  const PackedConv& packed = std::get<PackedConv>(e.packed(part.packed).content);
  const int64_t whole = packed.block_channels;
  const int64_t last = part.stored - (part.blocks - 1) * whole;  // of the last block
  PartText text{part.blocks * kernel.groups == 1 ? "0" : fmt::format("block * {}", whole), std::to_string(last), "0"};
  if (kernel.groups > 1) {
    if (part.blocks == 1) {
      e.out.line("const int group = block, channel = group * {};", kernel.group_out);
    } else {
      e.out.line("const int group = block / {0}, channel = group * {1} + block % {0} * {2};", part.blocks,
                 kernel.group_out, whole);
    }
    text.channel = "channel";
    text.group = fmt::format("group * {}", kernel.group_in);
  }
  if (part.blocks > 1 && last != whole) {
    const std::string block = kernel.groups > 1 ? fmt::format("block % {}", part.blocks) : "block";
    e.out.line("const int channels = {} < {} ? {} : {};", block, part.blocks - 1, whole, last);
    text.channels = "channels";
  }
  e.out.line("const float* block_weights = m.weights + {} + block * {};", weights(e, part.packed),
             fmt::format("(1 + {} * {} * {}) * {}", kernel.window.kernel.height, kernel.window.kernel.width,
                         kernel.group_in, whole));
  return text;
}

struct TileCall {
  const ConvKernel& kernel;
  const ConvPart& part;
  const PartText& text;

  /// Where a pixel lies: rows that were cut anew are counted through.
  Pixel place(const Pixel& pixel) const {
    if (!part.tiling.flat) return pixel;
    if (part.tiling.height == 1) return {"0", pixel.x};
    const std::string row = pixel.y == "0" ? "" : fmt::format("{} * {}", pixel.y, part.tiling.width);
    return {"0", row.empty() ? pixel.x : pixel.x == "0" ? row : row + " + " + pixel.x};
  }

  void emit(Emission& e, int64_t rows, int64_t pixels, const Pixel& loops) const {
    const Window& w = kernel.window;
    const Pixel pixel = place(loops);
    const Pixel from{scaled(pixel.y, w.stride.height, w.pad_top), scaled(pixel.x, w.stride.width, w.pad_left)};
    const std::string to = fmt::format("{{m.arena + {}{}{}, to, {}}}", at("out", pixel),
                                       plus(std::to_string(part.out_channel)), plus(text.channel), text.channels);
    e.out.list(fmt::format("rt::conv_tile<{}, {}, {}>(", rows, pixels, part.vectors),
               {"window", "m.arena + " + at("in", from) + plus(text.group), "from", "block_weights", to,
                epilogue(e, part.epilogue, pixel, text.channel, text.channels)},
               ");");
  }
};

std::string loop_head(const char* variable, const TileRun& run) {
  return fmt::format("for (int {0} = {1}; {0} < {2}; {0} += {3})", variable, run.begin,
                     run.begin + run.count * run.size, run.size);
}

/// A run of tiles along one axis: a loop, or a constant where there is one only. `each` gets the index as text and
/// writes one statement.
template <class Each>
void emit_run(Emission& e, const char* variable, const TileRun& run, Each each) {
  if (run.count == 1) return each(std::to_string(run.begin));
  e.out.line("{}", loop_head(variable, run));
  const auto deeper = e.out.indented();
  each(std::string(variable));
}

void emit_tiles(Emission& e, const TileCall& call) {
  const Tiling& t = call.part.tiling;
  for (const TileRun& rows : t.rows) {
    const auto row = [&](const std::string& y) {
      for (const TileRun& pixels : t.pixels) {
        emit_run(e, "x", pixels, [&](const std::string& x) { call.emit(e, rows.size, pixels.size, {y, x}); });
      }
    };
    if (t.bands > 1 && rows.count == 1 && rows.begin == 0) {
      row("y");
    } else if (rows.count > 1 && t.pixels.size() > 1) {
      const auto loop = e.out.block("{}", loop_head("y", rows));
      row("y");
    } else {
      emit_run(e, "y", rows, row);
    }
  }
}

void emit_part(Emission& e, const ConvKernel& kernel, const ConvPart& part) {
  const Tiling& t = part.tiling;
  const char* order = kernel.order == LoopOrder::blocks_outer ? "blocks_outer" : "rows_outer";
  const char* row = t.bands == 1 ? "all_rows" : t.band_rows == 1 ? "y" : "band";
  const auto units = e.out.block("for (const auto [block, {}] : rt::{}(task, {}, {}, {}))", row, order, part.first_unit,
                                 kernel.groups * part.blocks, t.bands);
  const PartText text = emit_block_constants(e, kernel, part);
  if (t.bands > 1 && t.band_rows > 1) e.out.line("const int y = {} * band;", t.band_rows);
  emit_tiles(e, {kernel, part, text});
}

/// All parts of one output slice.
void emit_slice(Emission& e, const ConvKernel& kernel, const ConvPart* begin, const ConvPart* end) {
  const Window& w = kernel.window;
  e.out.line("constexpr rt::View in = {}, out = {};", view(e, kernel.in), view(e, begin->out));
  e.out.line("constexpr rt::ConvWindow window{};", window_text(w, kernel.taps, kernel.group_in));
  e.out.line("constexpr rt::Strides from{{{}, {}}}, to{{out.row, out.pixel}};", scaled("in.row", w.stride.height, 0),
             scaled("in.pixel", w.stride.width, 0));
  for (const ConvPart* part = begin; part != end; ++part) {
    if (part != begin) e.out.comment(fmt::format("The last {} channels.", part->channels));
    emit_part(e, kernel, *part);
  }
}

}  // namespace

void emit_step(Emission& e, const ScheduledStep& step, const ConvKernel& kernel) {
  std::vector<std::pair<const ConvPart*, const ConvPart*>> slices;
  const ConvPart* end = kernel.parts.data() + kernel.parts.size();
  for (const ConvPart* begin = kernel.parts.data(); begin != end;) {
    const ConvPart* next = std::find_if(begin, end, [&](const ConvPart& p) { return !(p.out == begin->out); });
    slices.emplace_back(begin, next);
    begin = next;
  }
  if (slices.size() == 1) {
    const auto function = step_function(e, step.name);
    emit_borders(e, step);
    emit_slice(e, kernel, slices[0].first, slices[0].second);
    return;
  }
  std::vector<std::string> names;
  for (const auto& [begin, next] : slices) {
    names.push_back(e.functions.unique(view(e, begin->out).substr(std::string_view("buffers::").size())));
    const auto function = step_function(e, names.back());
    emit_slice(e, kernel, begin, next);
  }
  const auto function = step_function(e, step.name);
  emit_borders(e, step);
  for (const std::string& name : names) e.out.line("{}(task, m);", name);
}

void emit_step(Emission& e, const ScheduledStep& step, const DepthwiseKernel& kernel) {
  const Window& w = kernel.window;
  const auto function = step_function(e, step.name);
  emit_borders(e, step);
  e.out.line("constexpr rt::View in = {}, out = {};", view(e, kernel.in), view(e, kernel.out));
  e.out.line("constexpr rt::ConvWindow window{};",
             window_text(w, {w.kernel.height, w.kernel.width, kernel.in.channels}, kernel.in.channels));
  const auto rows = e.out.block("for (const int y : rt::rows(task, 0, {}))", step.units);
  for (const TileRun& pixels : kernel.pixels) {
    emit_run(e, "x", pixels, [&](const std::string& x) {
      const Pixel from{scaled("y", w.stride.height, w.pad_top), scaled(x, w.stride.width, w.pad_left)};
      const std::string channels = std::to_string(kernel.stored);
      e.out.list(fmt::format("rt::depthwise_tile<{}>(", pixels.size),
                 {"window", "m.arena + " + at("in", from), scaled("in.pixel", w.stride.width, 0),
                  "m.weights + " + weights(e, kernel.packed),
                  fmt::format("{{m.arena + {}, {{out.row, out.pixel}}, {}}}", at("out", {"y", x}), channels),
                  epilogue(e, kernel.epilogue, {"y", x}, "0", channels)},
                 ");");
    });
  }
}

}  // namespace deeper
