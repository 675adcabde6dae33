// Steps whose units are rows: everything but convolutions.
#include "codegen/emit/emission.h"

namespace deeper {

namespace {

CppWriter::Block row_loop(Emission& e, const ScheduledStep& step) {
  return e.out.block("for (const int y : rt::rows(task, 0, {}))", step.units);
}

/// "{m.arena + rt::at(out, y, x) + 64, {out.row, out.pixel}, 32}".
std::string out_text(const std::string& out, const Pixel& pixel, int64_t channel, const std::string& channels) {
  return fmt::format("{{m.arena + {}{}, {{{}.row, {}.pixel}}, {}}}", at(out, pixel), plus(std::to_string(channel)), out,
                     out, channels);
}

void emit_spans(Emission& e, const char* name, const std::vector<PoolSpan>& spans) {
  std::string text;
  for (const PoolSpan& s : spans) {
    text +=
        fmt::format("{}{{{}, {}, {}, {}, {}}}", text.empty() ? "" : ", ", s.begin, s.end, s.first, s.taps, s.counted);
  }
  e.out.line("static constexpr rt::PoolSpan {}[] = {{{}}};", name, text);
}

/// Calls a kernel of the form f([first,] in, in_pixel, out, pixels[, last]) for a row of the map.
void emit_row_call(Emission& e, const ScheduledStep& step, const BufferSlice& in, const BufferSlice& out,
                   const std::string& function, const std::string& first = "", const std::string& last = "") {
  const auto block = step_function(e, step.name);
  emit_borders(e, step);
  e.out.line("constexpr rt::View in = {}, out = {};", view(e, in), view(e, out));
  e.out.line("for (const int y : rt::rows(task, 0, {}))", step.units);
  const auto deeper = e.out.indented();
  std::vector<std::string> arguments = {"m.arena + " + at("in", {"y", "0"}), "in.pixel",
                                        out_text("out", {"y", "0"}, 0, std::to_string(out.channels)), "out.width"};
  if (!last.empty()) arguments.push_back(last);
  if (!first.empty()) arguments.insert(arguments.begin(), first);
  e.out.list(function + "(", arguments, ");");
}

std::string power_text(const LrnKernel& kernel) {
  switch (kernel.power) {
    case LrnPower::three_quarters:
      return "rt::PowThreeQuarters{}";
    case LrnPower::half:
      return "rt::PowHalf{}";
    case LrnPower::one:
      return "rt::PowOne{}";
    case LrnPower::any:
      break;
  }
  return fmt::format("rt::PowAny{{{}}}", float_literal(kernel.lrn.beta));
}

/// `in` and `out` are the names of the part's views.
void emit_pool_call(Emission& e, const PoolKernel& kernel, const ChannelPart& part, const std::string& in,
                    const std::string& out) {
  const Window& w = kernel.window;
  const bool max = kernel.kind == PoolKind::max;
  const Pixel from{scaled("y", w.stride.height, 0) + " + down.first",
                   scaled("across.begin", w.stride.width, 0) + " + across.first"};
  const Pixel to{"y", "across.begin"};
  const std::string channels = std::to_string(part.stored);
  std::vector<std::string> arguments = {fmt::format("{{down.taps, across.taps, {}.row, {}.pixel}}", in, in),
                                        "m.arena + " + at(in, from) + plus(std::to_string(part.in_channel)),
                                        scaled(in + ".pixel", w.stride.width, 0),
                                        out_text(out, to, part.out_channel, channels), "across.end - across.begin"};
  if (!max) arguments.push_back("static_cast<float>(down.counted * across.counted)");
  arguments.push_back(epilogue(e, part.epilogue, to, "0", channels));
  e.out.list(max ? "rt::max_pool(" : "rt::average_pool(", arguments, ");");
}

}  // namespace

void emit_step(Emission& e, const ScheduledStep& step, const InputKernel& kernel) {
  const auto function = step_function(e, step.name);
  emit_borders(e, step);
  e.out.line("constexpr rt::View out = {};", view(e, kernel.out));
  e.out.line("constexpr int row = out.width * out.channels;  // of the caller's tensor");
  e.out.line("for (const int y : rt::rows(task, 0, out.height))");
  const auto deeper = e.out.indented();
  e.out.list("rt::copy_input(",
             {"m.input + int64_t{y} * row", "row", out_text("out", {"y", "0"}, 0, "out.channels"), "out.width"}, ");");
}

void emit_step(Emission& e, const ScheduledStep& step, const PoolKernel& kernel) {
  const auto function = step_function(e, step.name);
  emit_borders(e, step);
  if (kernel.parts.size() == 1) {
    e.out.line("constexpr rt::View in = {}, out = {};", view(e, kernel.parts[0].in), view(e, kernel.parts[0].out));
  }
  emit_spans(e, "rows", kernel.rows);
  emit_spans(e, "columns", kernel.columns);
  e.out.line("for (const rt::PoolSpan& down : rows)");
  const auto down = e.out.indented();
  e.out.line("for (const int row : rt::rows(task, down.begin, down.end - down.begin))");
  const auto row = e.out.indented();
  const auto columns = e.out.block("for (const rt::PoolSpan& across : columns)");
  e.out.line("const int y = down.begin + row;");
  const bool single = kernel.parts.size() == 1;
  for (const ChannelPart& part : kernel.parts) {
    emit_pool_call(e, kernel, part, single ? "in" : view(e, part.in), single ? "out" : view(e, part.out));
  }
}

void emit_step(Emission& e, const ScheduledStep& step, const LrnKernel& kernel) {
  const std::string parameters =
      fmt::format("{{{}, {}, {}, {}, {}}}", kernel.lrn.size, channels_before(kernel.lrn),
                  float_literal(factor(kernel.lrn)), float_literal(kernel.lrn.beta), float_literal(kernel.lrn.k));
  emit_row_call(e, step, kernel.in, kernel.out, "rt::lrn", parameters, power_text(kernel));
}

void emit_step(Emission& e, const ScheduledStep& step, const SoftmaxKernel& kernel) {
  emit_row_call(e, step, kernel.in, kernel.out, "rt::softmax");
}

void emit_step(Emission& e, const ScheduledStep& step, const L2NormalizeKernel& kernel) {
  emit_row_call(e, step, kernel.in, kernel.out, "rt::l2_normalize", "", float_literal(kernel.op.eps));
}

void emit_step(Emission& e, const ScheduledStep& step, const ElementwiseKernel& kernel) {
  const auto function = step_function(e, step.name);
  emit_borders(e, step);
  const auto rows = row_loop(e, step);
  for (const ChannelPart& part : kernel.parts) {
    const std::string in = view(e, part.in), out = view(e, part.out), channels = std::to_string(part.stored);
    e.out.list("rt::elementwise(",
               {"m.arena + " + at(in, {"y", "0"}) + plus(std::to_string(part.in_channel)), in + ".pixel",
                out_text(out, {"y", "0"}, part.out_channel, channels), out + ".width",
                epilogue(e, part.epilogue, {"y", "0"}, "0", channels)},
               ");");
  }
}

}  // namespace deeper
