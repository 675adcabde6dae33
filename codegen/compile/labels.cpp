#include "codegen/compile/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "codegen/compile/files.h"
#include "dsl/text.h"
#include "runtime/text.h"

namespace deeper {
namespace {

using Lines = std::vector<std::string>;

bool has_classes(const Graph& graph, const GraphHead& head) {
  const Shape& shape = graph.node(head.output).shape;
  return shape.height == 1 && shape.width == 1;
}

// Lines without their ends; blank ones at the end do not count.
bool read_lines(const std::string& file, Range range, Lines& lines, Diagnostics& diagnostics) {
  std::string reason;
  const auto text = read_file(file, reason, most_text_bytes);
  if (!text) {
    diagnostics.error("bad-labels", range, fmt::format("cannot read labels {}: {}", file, reason));
    return false;
  }
  rt::TextLines each(text->data(), text->size(), true);
  for (const char *begin = nullptr, *end = nullptr; each.next(begin, end);) lines.emplace_back(begin, end);
  if (const rt::TextFault& fault = each.fault(); fault.words != nullptr) {
    Diagnostic& refused = diagnostics.error(
        "bad-labels", range, fmt::format("labels {}:{}:{}: {}", file, fault.line, fault.column, fault.words));
    refused.help = fault.cure;
    return false;
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return true;
}

void expect_count(const Graph& graph, const GraphHead& head, const std::string& file, Range range, const Lines& lines,
                  Diagnostics& diagnostics) {
  const int64_t classes = graph.node(head.output).shape.channels;
  if (int64_t(lines.size()) != classes)
    diagnostics.error(
        "bad-labels", range,
        fmt::format("{} has {} lines, but head `{}` has {} classes", file, lines.size(), head.name, classes));
}

// --labels HEAD=FILE; false when it is not of that form.
bool apply_named(const Graph& graph, const std::string& option, std::vector<Lines>& lists, Diagnostics& diagnostics) {
  const size_t equals = option.find('=');
  std::error_code error;
  if (equals == std::string::npos || !is_identifier(option.substr(0, equals)) || std::filesystem::exists(option, error))
    return false;
  const std::string name = option.substr(0, equals), file = option.substr(equals + 1);
  const auto head =
      std::find_if(graph.heads.begin(), graph.heads.end(), [&](const GraphHead& h) { return h.name == name; });
  if (head == graph.heads.end()) {
    std::vector<std::string_view> known;
    known.reserve(graph.heads.size());
    for (const GraphHead& each : graph.heads) known.push_back(each.name);
    diagnostics.error("bad-labels", {}, fmt::format("--labels {}: there is no head {}", option, ticked(name))).help =
        suggestion(name, known, "heads");
    return true;
  }
  Lines& lines = lists[size_t(head - graph.heads.begin())];
  lines.clear();
  if (read_lines(file, {}, lines, diagnostics)) expect_count(graph, *head, file, {}, lines, diagnostics);
  return true;
}

void apply_to_all(const Graph& graph, const std::string& file, std::vector<Lines>& lists, Diagnostics& diagnostics) {
  Lines lines;
  if (!read_lines(file, {}, lines, diagnostics)) return;
  bool used = false;
  for (size_t i = 0; i < graph.heads.size(); ++i) {
    if (!has_classes(graph, graph.heads[i]) ||
        graph.node(graph.heads[i].output).shape.channels != int64_t(lines.size()))
      continue;
    lists[i] = lines;
    used = true;
  }
  if (!used)
    for (const GraphHead& head : graph.heads) expect_count(graph, head, file, {}, lines, diagnostics);
}

}  // namespace

std::vector<Lines> read_labels(const Graph& graph, const std::vector<std::string>& options,
                               const std::string& spec_file, Diagnostics& diagnostics) {
  std::vector<Lines> lists(graph.heads.size());
  for (const std::string& option : options)
    if (!apply_named(graph, option, lists, diagnostics)) apply_to_all(graph, option, lists, diagnostics);
  for (size_t i = 0; i < graph.heads.size(); ++i) {
    const GraphHead& head = graph.heads[i];
    if (!lists[i].empty() || !has_classes(graph, head)) continue;
    if (head.labels.empty()) continue;
    const std::string file = (std::filesystem::path(spec_file).parent_path() / head.labels).string();
    if (read_lines(file, head.labels_range, lists[i], diagnostics))
      expect_count(graph, head, file, head.labels_range, lists[i], diagnostics);
  }
  return lists;
}

void note_missing_labels(const Graph& graph, const std::vector<Lines>& lists, Diagnostics& diagnostics) {
  for (size_t i = 0; i < graph.heads.size(); ++i) {
    const GraphHead& head = graph.heads[i];
    if (!lists[i].empty() || !has_classes(graph, head) || head.logits == NodeId::none) continue;
    diagnostics
        .note("no-labels", head.range,
              fmt::format("head `{}` has no labels: class numbers will stand for them", head.name))
        .help = "`--labels FILE`, one name a line";
  }
}

}  // namespace deeper
