#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "codegen/ir/overloaded.h"
#include "codegen/schedule/arena.h"
#include "codegen/schedule/cpu_features.h"
#include "codegen/schedule/place.h"
#include "codegen/schedule/plan.h"
#include "codegen/schedule/share_code.h"

namespace deeper {

namespace {

/// Floats behind the last weight: a whole vector may be loaded where fewer channels are left.
constexpr int64_t weights_spare = 128;

LrnPower lrn_power(const Lrn& lrn) {
  if (lrn.beta == 0.75) return LrnPower::three_quarters;
  if (lrn.beta == 0.5) return LrnPower::half;
  return lrn.beta == 1 ? LrnPower::one : LrnPower::any;
}

void plan_rows(Plan& plan, NodeId id, std::string algorithm, std::string summary, Kernel kernel, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  step.units = node.shape.height;
  step.algorithm = std::move(algorithm);
  step.summary = fmt::format("{}, {}", summary, to_string(node.shape));
  step.kernel = std::move(kernel);
}

void plan_lrn(Plan& plan, NodeId id, const Lrn& lrn, ScheduledStep& step) {
  const LrnPower power = lrn_power(lrn);
  plan_rows(plan, id, "lrn", fmt::format("local response normalisation over {} channels", lrn.size),
            LrnKernel{lrn, power, plan.slice(plan.graph.node(id).inputs.at(0)), plan.slice(id)}, step);
  step.reasons.push_back(power == LrnPower::any
                             ? "a power by our own polynomial: the same bits everywhere"
                             : fmt::format("power {} by IEEE square roots and one division: the same bits "
                                           "everywhere, and faster than a polynomial",
                                           fmt::format("{}", lrn.beta)));
}

void plan_softmax(Plan& plan, NodeId id, ScheduledStep& step) {
  plan_rows(plan, id, "softmax", "softmax", SoftmaxKernel{plan.slice(plan.graph.node(id).inputs.at(0)), plan.slice(id)},
            step);
  step.reasons.push_back("a pixel's channels are summed in order, in double: no vector width changes a bit");
}

void plan_l2_normalize(Plan& plan, NodeId id, const L2Normalize& op, ScheduledStep& step) {
  plan_rows(plan, id, "l2 normalize", "L2 normalisation",
            L2NormalizeKernel{op, plan.slice(plan.graph.node(id).inputs.at(0)), plan.slice(id)}, step);
  step.reasons.push_back("a pixel's squares are summed in order, in double: no vector width changes a bit");
}

/// Fills kernel, units and texts of a step for any node that computes.
void plan_kernel(Plan& plan, NodeId id, ScheduledStep& step) {
  const Node& node = plan.graph.node(id);
  std::visit(
      Overloaded{[&](const Input&) {
                   plan_rows(plan, id, "copy", "the caller's tensor", InputKernel{plan.slice(id)}, step);
                   step.reasons.push_back("copied once: subnormal numbers become zero, and readers find their border");
                 },
                 [&](const Conv2d& op) {
                   is_depthwise(plan, id, op) ? plan_depthwise(plan, id, op, step) : plan_conv(plan, id, op, step);
                 },
                 [&](const Pool& op) { plan_pool(plan, id, op, step); },
                 [&](const Lrn& op) { plan_lrn(plan, id, op, step); },
                 [&](const Softmax&) { plan_softmax(plan, id, step); },
                 [&](const L2Normalize& op) { plan_l2_normalize(plan, id, op, step); },
                 [&](const Affine& op) { plan_affine(plan, id, op, step); },
                 [&](const Activation& op) { plan_activation(plan, id, op, step); },
                 [&](const Add& op) { plan_add(plan, id, op, step); },
                 [&](const Concat&) { plan_copy(plan, id, step); }, [&](const Identity&) { plan_copy(plan, id, step); },
                 [](const auto&) { assert(false && "lowered before the schedule"); }},
      node.op);
}

bool computes(const Node& node) {
  if (const auto* concat = std::get_if<Concat>(&node.op)) return !concat->elided;
  return !std::holds_alternative<Slice>(node.op);
}

/// Layers that a node computes, those folded into it first.
void add_paths(const Node& node, std::vector<std::string>& paths) {
  paths.insert(paths.end(), node.fused.begin(), node.fused.end());
  if (node.visible || !node.shares.empty()) paths.push_back(node.path);
}

void plan_step(Plan& plan, NodeId id) {
  const Node& node = plan.graph.node(id);
  ScheduledStep step;
  std::vector<Range> ranges{node.range};
  add_paths(node, step.paths);
  for (const NodeId part : plan.storage.scattered[static_cast<size_t>(index(id))]) {
    add_paths(plan.graph.node(part), step.paths);
    ranges.push_back(plan.graph.node(part).range);
  }
  if (step.paths.empty()) step.paths.push_back(node.path);
  step.name = plan.step_names.unique(node.visible ? node.path : joint_path(step.paths));
  if (plan.options.sources) step.place = place_text(ranges, *plan.options.sources);
  plan_kernel(plan, id, step);
  plan.result.steps.push_back(std::move(step));
}

/// The step after which a node's output is complete: its own, or the last one that writes a part of it.
std::vector<int> completion(const Graph& graph, const std::vector<int>& step_of) {
  std::vector<int> done = step_of;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (done[n] >= 0) continue;
    for (const NodeId input : graph.nodes[n].inputs)
      done[n] = std::max(done[n], done[static_cast<size_t>(index(input))]);
  }
  return done;
}

/// Nodes of which slices are read have their values told slice by slice.
std::vector<bool> sliced(const Graph& graph) {
  std::vector<bool> found(graph.nodes.size());
  for (const Node& node : graph.nodes)
    if (std::holds_alternative<Slice>(node.op)) found[static_cast<size_t>(index(node.inputs[0]))] = true;
  return found;
}

/// The layers whose work is in a node's value; joined by "+", as "a+b/pre", what a value between layers is called.
std::vector<std::string> layers_in(const Node& node) {
  std::vector<std::string> layers = node.fused;
  if (std::find(layers.begin(), layers.end(), node.path) == layers.end()) layers.push_back(node.path);
  layers.insert(layers.end(), node.shares.begin(), node.shares.end());
  return layers;
}

/// Every value that a step leaves behind, those that are no layer's under a joint name.
void list_outputs(Plan& plan, const std::vector<int>& done) {
  const std::vector<bool> in_slices = sliced(plan.graph);
  std::set<std::string> taken;
  for (const Node& node : plan.graph.nodes) {
    if (node.visible) taken.insert(node.path);
    taken.insert(node.aliases.begin(), node.aliases.end());
  }
  for (size_t n = 0; n < plan.graph.nodes.size(); ++n) {
    const Node& node = plan.graph.nodes[n];
    const BufferSlice& slice = plan.storage.slices[n];
    if (slice.buffer == BufferId::none) continue;
    std::vector<StepOutput>& outputs = plan.result.steps[static_cast<size_t>(done[n])].outputs;
    const std::vector<std::string> layers = layers_in(node);
    if (node.visible) outputs.push_back({node.path, slice, layers});
    for (const std::string& alias : node.aliases) outputs.push_back({alias, slice, layers});
    if (node.visible || !node.aliases.empty() || in_slices[n]) continue;
    const std::string joint = fmt::format("{}", fmt::join(layers, "+"));
    std::string name = joint;
    for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}_{}", joint, number);
    outputs.push_back({name, slice, layers});
  }
}

/// First write to last read; what a head shows lives to the end.
void set_lifetimes(Plan& plan, const std::vector<int>& step_of) {
  std::vector<Buffer>& buffers = plan.storage.buffers;
  const int end = static_cast<int>(plan.result.steps.size()) - 1;
  for (Buffer& buffer : buffers) buffer.first_step = end + 1;
  const auto touch = [&](NodeId id, int step) {
    const BufferSlice& slice = plan.slice(id);
    if (slice.buffer == BufferId::none) return;
    Buffer& buffer = buffers[static_cast<size_t>(index(slice.buffer))];
    buffer.first_step = std::min(buffer.first_step, step);
    buffer.last_step = std::max(buffer.last_step, step);
  };
  for (size_t n = 0; n < plan.graph.nodes.size(); ++n) {
    const NodeId id = static_cast<NodeId>(n);
    if (step_of[n] < 0) continue;
    touch(id, step_of[n]);
    for (const NodeId part : plan.storage.scattered[n]) touch(part, step_of[n]);
    for (const NodeId input : plan.graph.node(id).inputs) touch(input, step_of[n]);
  }
  for (const GraphHead& head : plan.graph.heads) {
    touch(head.output, end);
    if (head.logits != NodeId::none) touch(head.logits, end);
  }
}

void zero_borders(Plan& plan) {
  for (size_t b = 0; b < plan.storage.buffers.size(); ++b) {
    const Buffer& buffer = plan.storage.buffers[b];
    if (!buffer.bordered()) continue;
    plan.result.steps[static_cast<size_t>(buffer.first_step)].zero_borders.push_back(static_cast<BufferId>(b));
  }
}

void list_heads(Plan& plan) {
  for (const GraphHead& head : plan.graph.heads) {
    BufferSlice logits;
    if (head.logits != NodeId::none) logits = plan.slice(head.logits);
    plan.result.heads.push_back({head.name, plan.slice(head.output), logits, head.topk});
  }
}

Schedule described(const Graph& graph, const Target& target, const ScheduleOptions& options) {
  Schedule result;
  result.network = graph.name;
  result.target = target.name;
  result.runtime_namespace = runtime_namespace(target);
  result.flags = compile_flags(target);
  for (const CpuFeature* feature : with_implied(target.required)) result.cpu_features.emplace_back(feature->name);
  result.fused = target.fused;
  result.lanes = target.lanes(sizeof(float));
  result.registers = target.registers;
  result.input = graph.nodes.at(0).shape;
  if (options.preprocess) result.preprocess = *options.preprocess;
  result.has_preprocess = options.preprocess != nullptr;
  result.spec_hash = options.spec_hash;
  result.threads_max = options.threads_max;
  result.embed = options.embed;
  return result;
}

}  // namespace

Schedule schedule(const Graph& graph, const Target& target, const ScheduleOptions& options) {
  Plan plan{
      graph, target, options, assign_storage(graph, target.lanes(sizeof(float))), described(graph, target, options),
      {},    {},     {}};
  std::vector<int> step_of(graph.nodes.size(), -1);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!computes(graph.nodes[n])) continue;
    step_of[n] = static_cast<int>(plan.result.steps.size());
    plan_step(plan, static_cast<NodeId>(n));
  }
  set_lifetimes(plan, step_of);
  list_outputs(plan, completion(graph, step_of));
  zero_borders(plan);
  list_heads(plan);
  plan.result.weights_floats += weights_spare;
  plan.result.arena_floats = place_buffers(plan.storage.buffers);
  plan.result.buffers = std::move(plan.storage.buffers);
  plan.result.views = std::move(plan.storage.views);
  share_code(plan.result);
  return std::move(plan.result);
}

}  // namespace deeper
