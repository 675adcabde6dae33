#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>

#include "codegen/emit/emission.h"

namespace deeper {

namespace {

std::optional<int64_t> number(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string activation(const ActivationSpec& spec) {
  switch (spec.kind) {
    case ActivationKind::relu:
      return "rt::Relu{}";
    case ActivationKind::relu6:
      return "rt::Relu6{}";
    case ActivationKind::leaky_relu:
      return fmt::format("rt::LeakyRelu{{{}}}", float_literal(spec.slope));
    case ActivationKind::sigmoid:
      return "rt::Sigmoid{}";
    case ActivationKind::tanh:
      return "rt::Tanh{}";
    case ActivationKind::silu:
      return "rt::Silu{}";
    case ActivationKind::hard_swish:
      return "rt::HardSwish{}";
    case ActivationKind::none:
    case ActivationKind::softmax:
      break;
  }
  assert(false && "not an element-wise activation");
  return {};
}

struct OpText {
  const Emission& e;
  const Pixel& pixel;
  const std::string& channel;
  const std::string& channels;

  std::string place(const std::string& base, int64_t first) const {
    return base + plus(std::to_string(first)) + plus(channel);
  }
  std::string vector(const PlacedEpilogueOp& op, int packed) const {
    return place("m.weights + " + weights(e, packed), op.channel);
  }
  std::string operator()(const PlacedEpilogueOp& op) const {
    switch (op.kind) {
      case EpilogueOp::Kind::bias:
        return fmt::format("rt::Bias{{{}}}", vector(op, op.bias));
      case EpilogueOp::Kind::affine:
        return fmt::format("rt::Affine{{{}, {}}}", vector(op, op.scale), vector(op, op.bias));
      case EpilogueOp::Kind::activation:
        return activation(op.activation);
      case EpilogueOp::Kind::add:
        break;
    }
    const std::string operand = view(e, op.operand);
    return fmt::format("rt::Add{{{}, {{{}.row, {}.pixel}}, {}, {}}}",
                       place("m.arena + " + at(operand, pixel), op.channel), operand, operand, float_literal(op.factor),
                       channels);
  }
};

}  // namespace

std::string view(const Emission& e, const BufferSlice& slice) {
  const auto& views = e.schedule.views;
  const auto found = std::find_if(views.begin(), views.end(), [&](const NamedView& v) { return v.slice == slice; });
  assert(found != views.end() && "every slice that a kernel refers to has a name");
  return "buffers::" + found->name;
}

std::string weights(const Emission& e, int packed) { return "weights::" + e.packed(packed).name; }

std::string at(std::string_view view, const Pixel& pixel) {
  return fmt::format("rt::at({}, {}, {})", view, pixel.y, pixel.x);
}

std::string scaled(const std::string& index, int64_t stride, int64_t pad) {
  if (const std::optional<int64_t> value = number(index)) return std::to_string(*value * stride - pad);
  std::string text = index;
  if (stride != 1)
    text = index.find(' ') == std::string::npos ? fmt::format("{} * {}", stride, index)
                                                : fmt::format("{} * ({})", stride, index);
  if (pad > 0) text += fmt::format(" - {}", pad);
  if (pad < 0) text += fmt::format(" + {}", -pad);
  return text;
}

std::string plus(const std::string& term) { return term == "0" ? "" : " + " + term; }

std::string epilogue(const Emission& e, const PlacedEpilogue& ops, const Pixel& pixel, const std::string& channel,
                     const std::string& channels) {
  const OpText text{e, pixel, channel, channels};
  if (ops.empty()) return "rt::None{}";
  if (ops.size() == 1) return text(ops[0]);
  std::string chain;
  for (const PlacedEpilogueOp& op : ops) chain += (chain.empty() ? "" : ", ") + text(op);
  return fmt::format("rt::chain({})", chain);
}

CppWriter::Block step_function(Emission& e, const std::string& name) {
  return e.out.block("static void {}(const rt::Task task, const rt::Memory& m)", name);
}

void emit_borders(Emission& e, const ScheduledStep& step) {
  for (const BufferId id : step.zero_borders) {
    const Buffer& b = e.schedule.buffer(id);
    const auto first = e.out.block("if (task.begin == 0)");
    e.out.line("constexpr rt::View b = buffers::{};", b.name);
    e.out.line("rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {{b.row, b.pixel}}, {}, {}, {}, {});",
               b.border_top, b.border_left, b.border_bottom, b.border_right);
  }
}

std::string macro_prefix(const Schedule& schedule) {
  std::string text = schedule.network;
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string license_lines(std::string_view comment) {
  return fmt::format("{0} SPDX-License-Identifier: 0BSD\n{0} This file is yours; see LICENSE-EXCEPTION of deeper.\n",
                     comment);
}

}  // namespace deeper
