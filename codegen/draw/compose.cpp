#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "codegen/draw/picture.h"
#include "dsl/value.h"

namespace deeper {
namespace {

using Rows = std::map<std::string, const LayerRow*>;

std::string shape_of(const Rows& rows, const std::string& path) {
  for (const char* suffix : {"", "/pointwise"}) {
    const auto row = rows.find(path + suffix);
    if (row == rows.end()) continue;
    const Shape& shape = row->second->out;
    return fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels);
  }
  return "";
}

// 6,998,552
std::string grouped(Size count) {
  std::string digits = fmt::format("{}", count.value());
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Box box_of(const Layer& layer, const Rows& rows);

std::vector<Box> stack_of(const std::vector<Layer>& layers, const Rows& rows) {
  std::vector<Box> boxes;
  boxes.reserve(layers.size());
  for (const Layer& layer : layers) boxes.push_back(box_of(layer, rows));
  return boxes;
}

// What the layer does, nearly as `deeper check` words it; a separable convolution is two rows there and two lines here.
std::vector<std::string> lines_of(const Layer& layer, const Rows& rows) {
  std::vector<std::string> lines;
  lines.reserve(3);
  for (const std::string suffix : {"", "/depthwise", "/pointwise"}) {
    const auto row = rows.find(layer.path + suffix);
    if (row == rows.end()) continue;
    const LayerRow& r = *row->second;
    const std::string word = suffix.empty() ? r.op : suffix.substr(1);
    if (r.op == GlobalPoolLayer::word)
      lines.push_back(r.details + " pool");  // "global average pool"
    else
      lines.push_back(r.details.empty() ? word : fmt::format("{} {}", word, r.details));
    if (r.op == ConvLayer::word || r.op == DenseLayer::word || word == "pointwise")
      lines.back() += fmt::format(", {}", r.out.channels);
  }
  if (!layer.in.empty()) lines.insert(lines.begin(), "reads " + layer.in);
  return lines;
}

std::string kind_of(const Layer& layer) {
  return std::visit([](const auto& op) { return std::string(op.word); }, std::get<LayerOp>(layer.body));
}

Box plain_box(const Layer& layer, const Rows& rows) {
  Box box;
  box.title = last_part(layer.path);
  box.shape = shape_of(rows, layer.path);
  box.detached = !layer.in.empty();
  if (const auto* fork = std::get_if<Branches>(&layer.body)) {
    box.kind = "module";
    box.join = fork->branches.size() < 2 ? "" : fork->join == Branches::Join::add ? "add" : "concat";
    for (const Branch& branch : fork->branches) box.branches.push_back(stack_of(branch.layers, rows));
    if (box.detached) box.title += fmt::format(", reads {}", layer.in);
    if (box.shape.empty() && box.branches.size() == 1 && !box.branches[0].empty())
      box.shape = box.branches[0].back().shape;
  } else {
    box.kind = kind_of(layer);
    box.lines = lines_of(layer, rows);
  }
  if (!layer.named) box.title.clear();
  return box;
}

// "x + 0.17 f(x), relu"
std::string join_of(const Residual& residual) {
  std::string join = residual.shortcut.empty() ? "x + " : "shortcut + ";
  if (residual.scale != 1) join += fmt::format("{} ", residual.scale);
  join += "f(x)";
  if (residual.activation.kind != ActivationKind::none) join += fmt::format(", {}", word_of(residual.activation.kind));
  return join;
}

Box box_of(const Layer& layer, const Rows& rows) {
  Box inner = plain_box(layer, rows);
  if (!layer.residual) return inner;
  Box box;
  box.title = inner.title;
  box.kind = "module";
  box.shape = inner.shape;
  box.join = join_of(*layer.residual);
  std::swap(box.detached, inner.detached);
  inner.title.clear();
  const bool one_stack = inner.branches.size() == 1;
  box.branches.push_back(one_stack ? inner.branches.front() : std::vector<Box>{inner});
  box.branches.push_back(stack_of(layer.residual->shortcut, rows));
  return box;
}

// Everything that is visible but the title.
std::string look_of(const Box& box) {
  std::string look = fmt::format("{}|{}|{}|{}(", box.kind, fmt::join(box.lines, ";"), box.shape, box.join);
  for (const auto& branch : box.branches) {
    look += '[';
    for (const Box& inner : branch) look += look_of(inner);
    look += ']';
  }
  return look + ')';
}

std::vector<Box> merge_repeats(std::vector<Box> boxes) {
  std::vector<Box> merged;
  for (size_t i = 0; i < boxes.size();) {
    size_t end = i + 1;
    while (end < boxes.size() && boxes[i].is_module() && !boxes[end].detached &&
           look_of(boxes[end]) == look_of(boxes[i]))
      ++end;
    if (end - i > 1)
      boxes[i].title =
          fmt::format("{}{}{} ({} times)", boxes[i].title, end - i > 2 ? " ... " : ", ", boxes[end - 1].title, end - i);
    merged.push_back(std::move(boxes[i]));
    i = end;
  }
  return merged;
}

Box head_box(const Head& head, const Rows& rows, const std::string& input, bool follows_trunk) {
  Box box;
  box.title = fmt::format("head {}", head.name);
  if (!follows_trunk)
    box.title += fmt::format(", from {} {}", head.from, head.from == "input" ? input : shape_of(rows, head.from));
  box.kind = "module";
  box.dashed = head.optional;
  box.detached = !follows_trunk;
  box.branches.push_back(stack_of(head.layers, rows));
  if (!head.layers.empty()) box.shape = shape_of(rows, head.layers.back().path);
  return box;
}

/// What goes on from the trunk's end, side by side where there is more than one; then what taps it higher up.
void add_heads(const NetworkSpec& spec, const Rows& rows, std::vector<Box>& boxes) {
  const std::string last = spec.layers.empty() ? "input" : spec.layers.back().path, &input = boxes.front().shape;
  std::vector<std::vector<Box>> at_the_end;
  std::vector<Box> elsewhere;
  for (const Head& head : spec.heads) {
    if (head.from == last)
      at_the_end.push_back({head_box(head, rows, input, true)});
    else
      elsewhere.push_back(head_box(head, rows, input, false));
  }
  if (at_the_end.size() == 1) boxes.push_back(std::move(at_the_end.front().front()));
  if (at_the_end.size() > 1) {
    Box fork;
    fork.kind = "fork";
    fork.branches = std::move(at_the_end);
    boxes.push_back(std::move(fork));
  }
  for (Box& box : elsewhere) boxes.push_back(std::move(box));
}

/// "googlenet with aux1: 10,308,140 parameters, ..."; `asked` are the heads of --head.
std::string title_of(const NetworkSpec& spec, const std::vector<std::string>& asked, const Cost& cost) {
  std::vector<std::string> counted;
  size_t left_out = 0;
  for (const Head& head : spec.heads) {
    if (!head.optional) continue;
    if (std::find(asked.begin(), asked.end(), head.name) == asked.end())
      ++left_out;
    else
      counted.push_back(head.name);
  }
  return fmt::format("{}{}: {} parameters, {} multiply-adds{}", spec.name,
                     counted.empty() ? "" : fmt::format(" with {}", fmt::join(counted, ", ")), grouped(cost.params),
                     grouped(cost.macs),
                     left_out == 0     ? ""
                     : counted.empty() ? ", without optional heads"
                                       : ", without the other heads");
}

}  // namespace

Picture compose(const NetworkSpec& spec, const BuildResult& built, const std::vector<std::string>& asked,
                const Cost& counted) {
  Rows rows;
  for (const LayerRow& row : built.layers) rows[row.path] = &row;
  Picture picture;
  picture.title = title_of(spec, asked, counted);
  Box input;
  input.title = "input";
  input.kind = "input";
  input.shape = fmt::format("{}x{}x{}", spec.input[0], spec.input[1], spec.input[2]);
  input.lines = {input.shape};
  picture.boxes.push_back(input);
  for (Box& box : merge_repeats(stack_of(spec.layers, rows))) picture.boxes.push_back(std::move(box));
  add_heads(spec, rows, picture.boxes);
  return picture;
}

}  // namespace deeper
