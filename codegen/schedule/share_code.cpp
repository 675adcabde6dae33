#include "codegen/schedule/share_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "codegen/schedule/plan.h"

namespace deeper {

namespace {

// `visit` gets every slice of the arena (BufferSlice&) and every index into Schedule::packed (int&) that a kernel
// holds. One that is forgotten here keeps its name, and a step with a name of its own shares no code: it can be missed,
// not mistaken.
template <class Visit>
void each_place(PlacedEpilogue& epilogue, Visit& visit) {
  for (PlacedEpilogueOp& op : epilogue) {
    visit(op.operand);
    visit(op.scale);
    visit(op.bias);
  }
}

template <class Visit>
void each_place(std::vector<ChannelPart>& parts, Visit& visit) {
  for (ChannelPart& part : parts) {
    visit(part.in);
    visit(part.out);
    each_place(part.epilogue, visit);
  }
}

template <class Visit>
void each_place(ConvKernel& kernel, Visit& visit) {
  visit(kernel.in);
  for (ConvPart& part : kernel.parts) {
    visit(part.out);
    visit(part.packed);
    each_place(part.epilogue, visit);
  }
}

template <class Visit>
void each_place(DepthwiseKernel& kernel, Visit& visit) {
  visit(kernel.in);
  visit(kernel.out);
  visit(kernel.packed);
  each_place(kernel.epilogue, visit);
}

template <class Visit>
void each_place(PoolKernel& kernel, Visit& visit) {
  each_place(kernel.parts, visit);
}

template <class Visit>
void each_place(ElementwiseKernel& kernel, Visit& visit) {
  each_place(kernel.parts, visit);
}

template <class Visit>
void each_place(InputKernel& kernel, Visit& visit) {
  visit(kernel.out);
}

/// LRN, softmax and norms.
template <class WholeSlices, class Visit>
void each_place(WholeSlices& kernel, Visit& visit) {
  visit(kernel.in);
  visit(kernel.out);
}

/// A slice by where it lies and how it is laid out, whatever its buffer is called.
struct Place {
  int64_t begin = 0, height = 0, width = 0, channels = 0, row = 0, pixel = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// A buffer whose border is zeroed.
struct Border {
  BufferSlice whole;
  int64_t top = 0, left = 0, bottom = 0, right = 0;
  friend bool operator==(const Border&, const Border&) = default;
};

/// What a step's function depends on: slices by place, weights by how far behind the step's first ones they lie. Two
/// functions are the same but for that first distance when their forms are equal.
struct Form {
  Kernel kernel;
  int64_t units = 0;
  std::vector<Border> borders;
  std::vector<Packed> weights;  ///< in the order in which the kernel names them
  int first_weights = -1;

  bool same_code(const Form& other) const {
    return units == other.units && weights == other.weights && borders == other.borders && kernel == other.kernel;
  }
};

/// What the packed floats are, without whose they are.
Packed without_names(Packed packed) {
  packed.name.clear();
  if (auto* conv = std::get_if<PackedConv>(&packed.content)) {
    conv->weight = conv->bias = ConstantId::none;
  } else if (auto* depthwise = std::get_if<PackedDepthwise>(&packed.content)) {
    depthwise->weight = depthwise->bias = ConstantId::none;
  } else {
    std::get<PackedVector>(packed.content).constant = ConstantId::none;
  }
  return packed;
}

/// Makes forms that can be compared with each other.
class Forms {
 public:
  explicit Forms(const Schedule& schedule) : schedule_(schedule) {}

  Form of(const ScheduledStep& step) {
    Form form{step.kernel, step.units, {}, {}, -1};
    Rename rename{*this, form};
    std::visit([&](auto& kernel) { each_place(kernel, rename); }, form.kernel);
    for (const BufferId id : step.zero_borders) {
      const Buffer& b = schedule_.buffer(id);
      form.borders.push_back({{id, 0, b.shape.channels}, b.border_top, b.border_left, b.border_bottom, b.border_right});
      rename(form.borders.back().whole);
    }
    return form;
  }

 private:
  struct Rename {
    Forms& forms;
    Form& form;

    void operator()(BufferSlice& slice) const {
      if (slice.buffer != BufferId::none) slice = forms.numbered(slice);
    }
    void operator()(int& packed) const {
      if (packed < 0) return;
      if (form.first_weights < 0) form.first_weights = packed;
      const std::vector<Packed>& all = forms.schedule_.packed;
      form.weights.push_back(without_names(all[static_cast<size_t>(packed)]));
      form.weights.back().offset -= all[static_cast<size_t>(form.first_weights)].offset;
      packed = static_cast<int>(form.weights.size()) - 1;
    }
  };

  /// The same for slices in the same place, and for those only.
  BufferSlice numbered(const BufferSlice& slice) {
    const Buffer& b = schedule_.buffer(slice.buffer);
    const Place place{b.origin() + slice.channel, b.shape.height, b.shape.width, slice.channels, b.row, b.pixel};
    return {static_cast<BufferId>(places_.try_emplace(place, places_.size()).first->second), 0, 0};
  }

  const Schedule& schedule_;
  std::map<Place, size_t> places_;
};

std::optional<StepCode> code_of(const Form& form, const Form& leader, int leader_index) {
  if (!form.same_code(leader)) return std::nullopt;
  return StepCode{leader_index, form.first_weights, leader.first_weights};
}

/// Slices that functions, outputs and heads refer to, and the whole buffers that they are parts of.
struct UsedSlices {
  const Schedule& schedule;
  std::set<std::tuple<BufferId, int64_t, int64_t>> slices;

  void operator()(const BufferSlice& slice) {
    if (slice.buffer == BufferId::none) return;
    slices.emplace(slice.buffer, slice.channel, slice.channels);
    slices.emplace(slice.buffer, 0, schedule.buffer(slice.buffer).shape.channels);
  }
  void operator()(int /*packed*/) {}
  bool contains(const BufferSlice& slice) const {
    return slices.contains({slice.buffer, slice.channel, slice.channels});
  }
};

UsedSlices used_slices(const Schedule& schedule) {
  UsedSlices used{schedule, {}};
  for (const ScheduledStep& step : schedule.steps) {
    for (const StepOutput& output : step.outputs) used(output.slice);
    if (step.code.leader >= 0) continue;
    Kernel kernel = step.kernel;
    std::visit([&](auto& one) { each_place(one, used); }, kernel);
    for (const BufferId id : step.zero_borders) used({id, 0, schedule.buffer(id).shape.channels});
  }
  for (const ScheduledHead& head : schedule.heads) {
    used(head.output);
    used(head.logits);
  }
  return used;
}

/// "a, b, c"; of more than a line's worth the first and the last: the table of steps has them all.
std::string names_text(const Schedule& schedule, const std::vector<int>& steps) {
  const auto name = [&](int step) -> const std::string& { return schedule.steps[static_cast<size_t>(step)].name; };
  if (steps.size() > 4)
    return fmt::format("{} steps from {} to {}", steps.size(), name(steps.front()), name(steps.back()));
  std::string text;
  for (const int step : steps) text += (text.empty() ? "" : ", ") + name(step);
  return text;
}

void explain(Schedule& schedule, int leader, const std::vector<int>& followers) {
  ScheduledStep& first = schedule.steps[static_cast<size_t>(leader)];
  bool weights = false;
  for (const int follower : followers) {
    ScheduledStep& step = schedule.steps[static_cast<size_t>(follower)];
    weights = step.code.weights >= 0;
    step.reasons.push_back(
        fmt::format("runs the code of {}: the same work on the same places, {}", first.name,
                    weights ? fmt::format("weights {} floats behind", grouped_digits(schedule.weights_shift(step.code)))
                            : "no weights"));
  }
  first.reasons.push_back(fmt::format("also runs for {}: the same work on the same places{}",
                                      names_text(schedule, followers), weights ? ", with their weights" : ""));
}

}  // namespace

std::optional<StepCode> shared_code(const Schedule& schedule, int leader, int follower) {
  Forms forms(schedule);
  const Form first = forms.of(schedule.steps.at(static_cast<size_t>(leader)));
  return code_of(forms.of(schedule.steps.at(static_cast<size_t>(follower))), first, leader);
}

void share_code(Schedule& schedule) {
  Forms forms(schedule);
  std::map<int, Form> leaders;
  std::map<int, std::vector<int>> followers;
  for (int i = 0; i < static_cast<int>(schedule.steps.size()); ++i) {
    ScheduledStep& step = schedule.steps[static_cast<size_t>(i)];
    Form form = forms.of(step);
    for (const auto& [leader, leader_form] : leaders) {
      const std::optional<StepCode> code = code_of(form, leader_form, leader);
      if (!code) continue;
      step.code = *code;
      followers[leader].push_back(i);
      break;
    }
    if (step.code.leader < 0) leaders.emplace(i, std::move(form));
  }
  for (const auto& [leader, list] : followers) explain(schedule, leader, list);
  const UsedSlices used = used_slices(schedule);
  std::erase_if(schedule.views, [&](const NamedView& view) { return !used.contains(view.slice); });
}

}  // namespace deeper
