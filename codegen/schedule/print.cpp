#include <fmt/format.h>

#include "codegen/schedule/plan.h"
#include "codegen/schedule/schedule_api.h"

namespace deeper {

namespace {

std::string text_of(const Schedule& s, const BufferSlice& slice) {
  const Buffer& b = s.buffer(slice.buffer);
  if (slice.channel == 0 && slice.channels == b.shape.channels) return b.name;
  return fmt::format("{}[{}..{}]", b.name, slice.channel, slice.channel + slice.channels);
}

std::string border_text(const Buffer& b) {
  if (!b.bordered()) return "";
  return fmt::format(", border {},{},{},{}", b.border_top, b.border_left, b.border_bottom, b.border_right);
}

}  // namespace

std::string print(const Schedule& s) {
  std::string text = fmt::format("{} for {}: {} lanes, arena {} bytes, weights {} bytes\n", s.network, s.target,
                                 s.lanes, grouped_digits(s.arena_floats * 4), grouped_digits(s.weights_floats * 4));
  text += "\nbuffers\n";
  for (const Buffer& b : s.buffers) {
    text += fmt::format("{}  {} at {}, pixel {}, row {}{}, steps {}..{}\n", b.name, to_string(b.shape), b.begin,
                        b.pixel, b.row, border_text(b), b.first_step, b.last_step);
  }
  text += "\nsteps\n";
  for (size_t i = 0; i < s.steps.size(); ++i) {
    const ScheduledStep& step = s.steps[i];
    text += fmt::format("{} {}  {}; {}, {} units\n", i, step.name, step.summary, step.algorithm, step.units);
    for (const std::string& reason : step.reasons) text += fmt::format("    {}\n", reason);
    for (const StepOutput& output : step.outputs)
      text += fmt::format("    = {} in {}\n", output.path, text_of(s, output.slice));
  }
  text += "\nheads\n";
  for (const ScheduledHead& head : s.heads) text += fmt::format("{}  {}\n", head.name, text_of(s, head.output));
  return text;
}

}  // namespace deeper
