// The message for branches that cannot be joined: which one is wrong, against which, and what would mend it.
#include <algorithm>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ir/graph_builder.h"

namespace deeper {
namespace {

struct Fault {
  const Layer* layer = nullptr;  ///< the last of the branch that changes the map; none when the branch keeps it
  Shape in;                      ///< what that layer reads
};

bool same_map(const Shape& a, const Shape& b) { return a.height == b.height && a.width == b.width; }

std::string map_text(const Shape& shape) { return fmt::format("{}x{}", shape.height, shape.width); }

Fault find_fault(const Branch& branch, Shape in, const std::map<std::string, NodeId>& values, const Graph& graph) {
  Fault fault;
  for (const Layer& layer : branch.layers) {
    if (!layer.in.empty()) {
      const auto source = values.find(layer.in);
      if (source != values.end() && source->second != NodeId::none) in = graph.node(source->second).shape;
    }
    const auto value = values.find(layer.path);
    if (value == values.end() || value->second == NodeId::none) break;
    const Shape out = graph.node(value->second).shape;
    if (!same_map(in, out)) fault = {&layer, in};
    in = out;
  }
  return fault;
}

/// Kernel, stride and pad of a layer with a window.
struct FaultWindow {
  Size2 kernel, stride;
  Pad::Mode pad = Pad::Mode::valid;
};

std::optional<FaultWindow> fault_window(const Fault& fault) {
  const auto* op = std::get_if<LayerOp>(&fault.layer->body);
  if (!op) return std::nullopt;
  return std::visit(
      [](const auto& layer) -> std::optional<FaultWindow> {
        if constexpr (requires { layer.kernel, layer.stride, layer.pad; })
          return FaultWindow{layer.kernel, layer.stride, layer.pad.mode};
        return std::nullopt;
      },
      *op);
}

/// The value that shrinks the map.
Range fault_place(const Fault& fault) {
  const auto window = fault_window(fault);
  if (!window) return fault.layer->range;
  return fault.layer->place(window->stride == Size2{} ? "pad" : "stride");
}

/// What the window of the layer at fault would have to be, when one word mends it.
std::string window_help(const Fault& fault, const Shape& wanted) {
  const auto window = fault_window(fault);
  if (!window || !same_map(fault.in, wanted)) return "";
  const bool odd = window->kernel.height % 2 == 1 && window->kernel.width % 2 == 1;
  if (window->stride != Size2{}) return fmt::format("`stride: 1` with `pad: same` keeps {}", map_text(wanted));
  return fmt::format("`pad: {}` keeps {}", odd ? "same" : "same_tf", map_text(wanted));
}

/// The branch whose output most others share; the first of these on a tie.
size_t reference_branch(const std::vector<Shape>& shapes, bool concat) {
  size_t best = 0;
  int64_t best_count = 0;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const int64_t count = std::count_if(
        shapes.begin(), shapes.end(), [&](const Shape& s) { return concat ? same_map(s, shapes[i]) : s == shapes[i]; });
    if (count > best_count) best = i, best_count = count;
  }
  return best;
}

}  // namespace

bool branches_fit(const Branches& branches, const std::vector<NodeId>& ends, NodeId in,
                  const std::map<std::string, NodeId>& values, const Graph& graph, Diagnostics& diagnostics) {
  const bool concat = branches.join == Branches::Join::concat;
  std::vector<Shape> shapes;
  shapes.reserve(ends.size());
  for (const NodeId end : ends) shapes.push_back(graph.node(end).shape);
  const size_t good = reference_branch(shapes, concat);
  bool fit = true;
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (concat ? same_map(shapes[i], shapes[good]) : shapes[i] == shapes[good]) continue;
    fit = false;
    const Branch& branch = branches.branches[i];
    const Fault fault = find_fault(branch, in == NodeId::none ? Shape{} : graph.node(in).shape, values, graph);
    const bool map = !same_map(shapes[i], shapes[good]);
    const Range place = map && fault.layer      ? fault_place(fault)
                        : branch.layers.empty() ? branch.range
                                                : branch.layers.back().range;
    Diagnostic& error =
        diagnostics.error(ids::branch_shapes, place,
                          fmt::format("branch {} is {}, but branch {} of this {} is {}", i + 1, to_string(shapes[i]),
                                      good + 1, concat ? "concat" : "sum", to_string(shapes[good])));
    error.notes.push_back({branches.branches[good].range, fmt::format("branch {} is here", good + 1)});
    if (map && fault.layer) error.help = window_help(fault, shapes[good]);
    if (error.help.empty())
      error.help = concat ? "the branches of a concat need the same height and width"
                          : "the branches of a sum need the same height, width and channels";
  }
  return fit;
}

}  // namespace deeper
