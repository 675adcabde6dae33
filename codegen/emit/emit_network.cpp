#include <algorithm>
#include <limits>

#include "codegen/emit/emission.h"
#include "codegen/ir/overloaded.h"
#include "codegen/schedule/plan.h"

namespace deeper {

namespace {

constexpr const char* kernel_headers[] = {"border",  "conv",         "depthwise", "elementwise", "epilogue",
                                          "input",   "l2_normalize", "lrn",       "network",     "pool",
                                          "softmax", "tasks",        "view"};

void emit_head(Emission& e) {
  const Schedule& s = e.schedule;
  int64_t macs = 0;
  for (const ScheduledStep& step : s.steps) macs += step.macs;
  e.out.comment(fmt::format(
      "{} for {}: {} -> {}, {} multiply-adds in {} steps.", s.network, s.target, to_string(s.input),
      s.heads.empty() ? "nothing"
                      : to_string(Shape{e.buffer(s.heads[0].output).shape.height,
                                        e.buffer(s.heads[0].output).shape.width, s.heads[0].output.channels}),
      grouped_digits(macs), s.steps.size()));
  e.out.comment(
      fmt::format("Written by deeper. Tiles, blocks and places suit {} registers of {} floats; all distances and "
                  "offsets are in floats.",
                  s.registers, s.lanes));
  e.out.comment(
      "Read it from the bottom: the table of steps is the table of contents, the functions are the steps in order.");
  e.out.line("#include \"{}.h\"", s.network);
  e.out.blank();
  e.out.line("#include \"runtime/api.h\"");
  for (const char* name : kernel_headers) e.out.line("#include \"runtime/{}.h\"", name);
}

std::string view_text(const Emission& e, const NamedView& v) {
  const Buffer& b = e.buffer(v.slice);
  if (v.slice.channels < b.shape.channels) {
    return fmt::format("constexpr rt::View {0}{{{1}.offset + {2}, {3}, {4}, {5}, {1}.row, {1}.pixel}};", v.name, b.name,
                       v.slice.channel, b.shape.height, b.shape.width, v.slice.channels);
  }
  std::string border;
  if (b.border_top > 0) border += fmt::format(" + {} * {}", b.border_top, b.row);
  if (b.border_left > 0) border += fmt::format(" + {} * {}", b.border_left, b.pixel);
  return fmt::format("constexpr rt::View {}{{{}{}, {}, {}, {}, {} * {}, {}}};", v.name, b.begin, border, b.shape.height,
                     b.shape.width, b.shape.channels, b.row / b.pixel, b.pixel, b.pixel);
}

void emit_buffers(Emission& e) {
  const Schedule& s = e.schedule;
  e.out.comment(
      "Activations: [height][width][channels] in the arena. Those that are not needed at the same time share memory.");
  e.out.comment(
      "The offset is that of pixel (0, 0): a zeroed border for windows that reach beyond the map lies around it.");
  e.out.line("namespace buffers {{");
  e.out.comment("offset, height, width, channels, distance of rows, distance of pixels");
  for (const NamedView& v : s.views) e.out.line("{}", view_text(e, v));
  e.out.line("}}  // namespace buffers");
}

std::string size_text(const Packed& packed) {
  return std::visit(Overloaded{[](const PackedConv& c) {
                                 return fmt::format("{} * (1 + {} * {} * {}) * {}", c.groups * c.blocks,
                                                    c.kernel.height, c.kernel.width, c.group_in, c.block_channels);
                               },
                               [](const PackedDepthwise& c) {
                                 return fmt::format("(1 + {} * {}) * {}", c.kernel.height, c.kernel.width,
                                                    c.padded_channels);
                               },
                               [](const PackedVector& v) { return std::to_string(v.padded_channels); }},
                    packed.content);
}

void emit_weights(Emission& e) {
  const Schedule& s = e.schedule;
  if (s.packed.empty()) return;
  e.out.blank();
  e.out.comment(
      "Packed weights, in the order in which the steps read them. A convolution's lie in blocks of output channels:");
  e.out.comment("[block][bias, then window row, window column, input channel][channel of the block].");
  e.out.line("namespace weights {{");
  std::string next = "0";
  for (const Packed& packed : s.packed) {
    e.out.line("constexpr int64_t {} = {};", packed.name, next);
    next = fmt::format("{} + {}", packed.name, size_text(packed));
  }
  e.out.line("}}  // namespace weights");
  const Packed& last = s.packed.back();
  e.out.line("static constexpr int64_t weights_floats = weights::{} + {} + {};", last.name, size_text(last),
             s.weights_floats - last.offset - last.floats);
  e.out.line("static_assert(weights_floats * sizeof(float) == {}_WEIGHTS_BYTES);", macro_prefix(s));
}

void emit_step_comment(Emission& e, const ScheduledStep& step) {
  std::string paths;
  for (const std::string& path : step.paths) paths += (paths.empty() ? "" : " + ") + comment_text(path);
  std::string what = step.summary + ".";
  if (step.macs > 0) what += fmt::format(" {} multiply-adds.", grouped_digits(step.macs));
  if (!step.place.empty()) what += " " + step.place;
  e.out.comment(paths + ": " + what);
  for (const std::string& reason : step.reasons) e.out.comment("- " + reason);
}

void emit_functions(Emission& e) {
  for (const ScheduledStep& step : e.schedule.steps) e.functions.unique(step.name);
  e.out.line("namespace steps {{");
  for (const ScheduledStep& step : e.schedule.steps) {
    if (step.code.leader >= 0) continue;
    e.out.blank();
    emit_step_comment(e, step);
    std::visit([&](const auto& kernel) { emit_step(e, step, kernel); }, step.kernel);
  }
  e.out.blank();
  e.out.line("}}  // namespace steps");
}

int to_int(int64_t value) { return static_cast<int>(std::min<int64_t>(value, std::numeric_limits<int>::max())); }

void emit_outputs(Emission& e) {
  const Schedule& s = e.schedule;
  const auto shows = [](const ScheduledStep& step) { return !step.outputs.empty(); };
  if (std::none_of(s.steps.begin(), s.steps.end(), shows)) return;
  const auto table = e.out.block_until("};", "static constexpr rt::StepOutput outputs[] =");
  for (const ScheduledStep& step : s.steps) {
    for (const StepOutput& output : step.outputs)
      e.out.line("{{{}, {}}},", string_literal(output.path), view(e, output.slice));
  }
}

/// Function, units, ...: a row of the table of steps, whose outputs begin at `first`.
std::vector<std::string> row_of(const Emission& e, const ScheduledStep& step, size_t first) {
  const StepCode& code = step.code;
  const ScheduledStep& runs = code.leader < 0 ? step : e.schedule.steps[static_cast<size_t>(code.leader)];
  std::string paths;
  for (const std::string& path : step.paths) paths += (paths.empty() ? "" : "+") + path;
  std::vector<std::string> row = {"steps::" + runs.name,
                                  std::to_string(to_int(step.units)),
                                  string_literal(paths),
                                  string_literal(step.algorithm),
                                  std::to_string(step.macs),
                                  step.outputs.empty() ? "nullptr" : fmt::format("outputs + {}", first),
                                  std::to_string(step.outputs.size())};
  if (code.weights >= 0) row.push_back(weights(e, code.weights) + " - " + weights(e, code.leader_weights));
  return row;
}

void emit_step_table(Emission& e) {
  emit_outputs(e);
  e.out.blank();
  e.out.comment(
      "Function, units, layers, algorithm, multiply-adds, outputs; where a function is shared, the distance of the "
      "weights.");
  const auto table = e.out.block_until("};", "static constexpr rt::Step table[] =");
  size_t first = 0;
  for (const ScheduledStep& step : e.schedule.steps) {
    e.out.list("{", row_of(e, step, first), "},");
    first += step.outputs.size();
  }
}

void emit_heads(Emission& e) {
  const Schedule& s = e.schedule;
  e.out.blank();
  const auto table = e.out.block_until("};", "static constexpr rt::Head heads[] =");
  for (const ScheduledHead& head : s.heads) {
    const bool softmax = head.logits.buffer != BufferId::none;
    e.out.line("{{{}, {}, {}, {}, {}}},", string_literal(head.name), view(e, head.output),
               softmax ? view(e, head.logits) : "{}", to_int(head.topk), softmax);
  }
}

std::string numbers_text(const std::vector<double>& values, int64_t channels, double missing) {
  std::string text;
  for (int64_t c = 0; c < channels; ++c) {
    const double value = values.empty() ? missing : values[std::min(static_cast<size_t>(c), values.size() - 1)];
    text += (text.empty() ? "" : ", ") + float_literal(value);
  }
  return text;
}

void emit_preprocess(Emission& e) {
  const Schedule& s = e.schedule;
  if (!s.has_preprocess) return;
  const Preprocess& p = s.preprocess;
  e.out.blank();
  e.out.line("static constexpr float mean[] = {{{}}};", numbers_text(p.mean, s.input.channels, 0));
  e.out.line("static constexpr float scale[] = {{{}}};", numbers_text(p.scale, s.input.channels, 1));
  if (p.letterbox) e.out.line("static constexpr float fill[] = {{{}}};", numbers_text(p.fill, s.input.channels, 0));
  const Size2 size = p.letterbox ? *p.letterbox : p.resize_warp.value_or(Size2{0, 0}),
              crop = p.crop.value_or(Size2{0, 0});
  const auto table = e.out.block_until("};", "static constexpr rt::Preprocess preprocess =");
  e.out.line(".present = true,");
  if (p.central_fraction) e.out.line(".central_fraction = {},", *p.central_fraction);
  e.out.line(".resize_short = {}, .resize_height = {}, .resize_width = {},", p.resize_short.value_or(0), size.height,
             size.width);
  if (p.letterbox) e.out.line(".letterbox = true,");
  e.out.line(".crop_height = {}, .crop_width = {},", crop.height, crop.width);
  e.out.line(".filter = {}, .channels = {}, .alpha = {},", static_cast<int>(p.filter), static_cast<int>(p.channels),
             static_cast<int>(p.alpha));
  e.out.line(".mean = mean, .scale = scale,{}", p.letterbox ? " .fill = fill," : "");
}

void emit_table(Emission& e) {
  const Schedule& s = e.schedule;
  const std::string macro = macro_prefix(s);
  if (s.embed) {
    e.out.blank();
    e.out.line("#ifndef {}_WEIGHTS_FILE", macro);
    e.out.line("#define {}_WEIGHTS_FILE \"{}.weights\"  // beside this file, which is compiled in its folder", macro,
               s.network);
    e.out.line("#endif");
    e.out.line("extern \"C\" const unsigned char {0}_weights_begin[], {0}_weights_end[];", s.network);
    e.out.line("__asm__(\".section .rodata.{0}_weights,\\\"a\\\"\\n.balign 64\\n{0}_weights_begin:\\n\"", s.network);
    e.out.line("        \".incbin \\\"\" {0}_WEIGHTS_FILE \"\\\"\\n{1}_weights_end:\\n.byte 0\\n.previous\\n\");",
               macro, s.network);
  }
  e.out.blank();
  const auto table = e.out.block_until("};", "static const rt::Network network =");
  e.out.line(".name = {}, .tool_version = {},", string_literal(s.network), string_literal(DEEPER_VERSION));
  e.out.line(".spec_hash = {},", string_literal(s.spec_hash));
  e.out.line(".target = {}, .dtype = \"f32\", .algorithms = \"exact\",", string_literal(s.target));
  emit_cpu_features(e);
  e.out.line(".height = {0}_INPUT_HEIGHT, .width = {0}_INPUT_WIDTH, .channels = {0}_INPUT_CHANNELS,", macro);
  e.out.line(".preprocess = {},", s.has_preprocess ? "preprocess" : "{}");
  e.out.line(".arena_bytes = {0}_ARENA_BYTES(1),", macro);
  e.out.line(".arena_bytes_per_thread = {0}_ARENA_BYTES(2) - {0}_ARENA_BYTES(1),", macro);
  e.out.line(".weights_bytes = {0}_WEIGHTS_BYTES, .max_threads = {0}_MAX_THREADS,", macro);
  e.out.line(".steps = table, .step_count = {}, .heads = heads, .head_count = {},", s.steps.size(), s.heads.size());
  if (s.embed) {
    e.out.line(".embedded = {0}_weights_begin, .embedded_end = {0}_weights_end,", s.network);
  } else {
    e.out.line(".embedded = nullptr, .embedded_end = nullptr,");
  }
}

}  // namespace

void emit_network(Emission& e) {
  emit_head(e);
  e.out.blank();
  emit_static_checks(e);
  e.out.blank();
  emit_buffers(e);
  emit_weights(e);
  e.out.blank();
  emit_functions(e);
  e.out.blank();
  emit_step_table(e);
  emit_heads(e);
  emit_preprocess(e);
  emit_table(e);
}

}  // namespace deeper
