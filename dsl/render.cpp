// The only two ways diagnostics reach people and programs.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dsl/diagnostics.h"
#include "dsl/text.h"

namespace deeper {
namespace {

struct Colors {
  const char *bold = "", *error = "", *warning = "", *note = "", *caret = "", *off = "";
};

Colors ansi() { return {"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1;32m", "\033[0m"}; }

std::string_view word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

/// "file:line:column: ", as much of it as is known.
std::string place(const Range& range, const Sources& sources) {
  if (range.file == FileId::none) return {};
  const std::string name = printable(sources.name(range.file));
  return range.line == 0 ? name + ": " : fmt::format("{}:{}:{}: ", name, range.line, range.column);
}

std::string_view skip_code_points(std::string_view text, int count) {
  for (; count > 0 && !text.empty(); --count) text.remove_prefix(std::max(1, code_point_bytes(text)));
  return text;
}

std::string_view first_code_points(std::string_view text, int count) {
  return text.substr(0, text.size() - skip_code_points(text, count).size());
}

/// The line with a caret under the range; long lines are cut to a window around it.
std::string snippet(const Range& range, const Sources& sources, const Colors& colors) {
  constexpr int window = 160, before = 60;
  const std::string_view line = sources.line(range.file, range.line);
  if (line.empty()) return {};
  const int total = count_code_points(line);
  const int column = std::clamp(range.column, 1, total + 1);
  const int skip = total <= window ? 0 : std::max(0, column - 1 - before);
  const std::string_view shown = first_code_points(skip_code_points(line, skip), window);
  const std::string left = skip > 0 ? "..." : "";
  const std::string right = skip + window < total ? "..." : "";
  const int length = std::clamp(range.length, 1, std::max(1, std::min(total, skip + window) - column + 1));
  return fmt::format("{:5} | {}{}{}\n      | {}{}^{}{}\n", range.line, left, printable(shown), right,
                     std::string(left.size() + column - 1 - skip, ' '), colors.caret, std::string(length - 1, '~'),
                     colors.off);
}

/// The notes and, from the inside out, the way through blocks and repeats to where the text is used.
std::vector<Label> all_notes(const Diagnostic& diagnostic, const Sources& sources) {
  constexpr size_t most = 10, kept_inside = 6, kept_outside = 3;
  std::vector<Label> way;
  for (int at = diagnostic.range.trace; at >= 0; at = sources.expansions()[at].parent) {
    const Expansion& step = sources.expansions()[at];
    const char* used = step.what.starts_with("block ") ? " used" : "";
    way.push_back({step.use, fmt::format("in {}{} here", step.what, used)});
  }
  if (way.size() > most) {
    const size_t dropped = way.size() - kept_inside - kept_outside;
    way[kept_inside] = {{}, fmt::format("... {} more ...", dropped)};
    way.erase(way.begin() + kept_inside + 1, way.end() - kept_outside);
  }
  std::vector<Label> notes = diagnostic.notes;
  notes.insert(notes.end(), way.begin(), way.end());
  return notes;
}

std::vector<const Diagnostic*> in_order(const Diagnostics& diagnostics) {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& each : diagnostics.all()) sorted.push_back(&each);
  const auto key = [](const Diagnostic* d) { return std::tuple(d->range.file, d->range.line, d->range.column, d); };
  std::sort(sorted.begin(), sorted.end(), [&](auto* a, auto* b) { return key(a) < key(b); });
  return sorted;
}

/// Names of files and labels are strangers' text: nothing in them steers the terminal or passes for a line of ours.
std::string shown(const std::string& text) { return printable_lines(text, "    "); }

std::string render_one(const Diagnostic& diagnostic, const Sources& sources, const Colors& colors) {
  const char* tint = diagnostic.severity == Severity::error     ? colors.error
                     : diagnostic.severity == Severity::warning ? colors.warning
                                                                : colors.note;
  std::string out =
      fmt::format("{}{}{}{}{}: {}{}{}{}\n", colors.bold, place(diagnostic.range, sources), colors.off, tint,
                  word(diagnostic.severity), colors.off, colors.bold, shown(diagnostic.message), colors.off);
  out += snippet(diagnostic.range, sources, colors);
  for (const Label& note : all_notes(diagnostic, sources))
    out += fmt::format("{}{}note: {}{}\n", place(note.range, sources), colors.note, colors.off, shown(note.message));
  if (!diagnostic.help.empty()) out += fmt::format("{}help: {}{}\n", colors.note, colors.off, shown(diagnostic.help));
  return out;
}

nlohmann::ordered_json json_place(const Range& range, const Sources& sources) {
  nlohmann::ordered_json out;
  out["file"] = range.file == FileId::none ? nlohmann::ordered_json(nullptr)
                                           : nlohmann::ordered_json(printable(sources.name(range.file)));
  out["line"] = range.line;
  out["column"] = range.column;
  return out;
}

}  // namespace

std::string render(const Diagnostics& diagnostics, const Sources& sources, bool color) {
  const Colors colors = color ? ansi() : Colors{};
  std::string out;
  for (const Diagnostic* each : in_order(diagnostics)) out += render_one(*each, sources, colors);
  if (diagnostics.omitted() > 0) out += fmt::format("note: and {} more\n", diagnostics.omitted());
  return out;
}

std::string to_json(const Diagnostics& diagnostics, const Sources& sources) {
  nlohmann::ordered_json out;
  out["deeper"] = 1;
  out["errors"] = nlohmann::ordered_json::array();
  for (const Diagnostic* each : in_order(diagnostics)) {
    nlohmann::ordered_json one;
    one["id"] = each->id;
    one.update(json_place(each->range, sources));
    one["severity"] = word(each->severity);
    one["message"] = each->message;
    one["notes"] = nlohmann::ordered_json::array();
    for (const Label& note : all_notes(*each, sources)) {
      nlohmann::ordered_json label = json_place(note.range, sources);
      label["message"] = note.message;
      one["notes"].push_back(label);
    }
    one["help"] = each->help;
    out["errors"].push_back(one);
  }
  if (diagnostics.omitted() > 0) out["omitted"] = diagnostics.omitted();
  return escaped_controls(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) + "\n";
}

}  // namespace deeper
