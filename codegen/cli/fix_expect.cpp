#include "codegen/cli/fix_expect.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/compile/files.h"
#include "codegen/compile/replace_file.h"
#include "codegen/ir/diagnostic_ids.h"
#include "dsl/parse.h"

namespace deeper {
namespace {

constexpr std::string_view cannot_fix = "cannot-fix-expect";

using PlaceKey = std::tuple<FileId, int, int>;

PlaceKey key_of(const Range& range) { return {range.file, range.line, range.column}; }

/// What can be mended is no mistake here; the rest is.
void add_other_errors(const Diagnostics& from, Diagnostics& to) {
  for (const Diagnostic& each : from.all()) {
    if (each.id == ids::expect_failed || each.severity != Severity::error) continue;
    Diagnostic& copy = to.error(each.id, each.range, each.message);
    copy.notes = each.notes;
    copy.help = each.help;
  }
}

/// The network and everything that its `expect` say, of optional heads too where they can be built.
struct Expected {
  NetworkSpec spec;
  BuildResult built;
  std::vector<const Head*> left_out;
};

Expected read(NetworkSpec spec, const Sources& sources, Diagnostics& diagnostics) {
  Expected out{std::move(spec), {}, {}};
  std::vector<std::string> heads;
  for (const Head& head : out.spec.heads) {
    if (!head.optional) continue;
    Diagnostics found, others;
    heads.push_back(head.name);
    build(out.spec, {heads}, sources, found);
    add_other_errors(found, others);
    if (!others.has_errors()) continue;
    heads.pop_back();
    out.left_out.push_back(&head);
  }
  Diagnostics found;
  out.built = build(out.spec, {heads}, sources, found);
  add_other_errors(found, diagnostics);
  return out;
}

/// The file's new text, read again and found to say the same network with every `expect` right; empty with an error
/// otherwise.
std::string checked_text(const Expected& old, const std::vector<ExpectEdit>& edits, const Sources& sources,
                         Diagnostics& diagnostics) {
  std::string text = apply_edits(sources.text(edits.front().range.file), edits);
  Sources new_sources;
  Diagnostics told;
  const Expected again = read(parse_text(old.spec.file, text, {}, new_sources, told), new_sources, told);
  const bool all_hold = std::all_of(again.built.expected.begin(), again.built.expected.end(),
                                    [](const ExpectedNumber& number) { return number.written == number.real; });
  if (!text.empty() && !told.has_errors() && all_hold && spec_hash(again.spec) == spec_hash(old.spec)) return text;
  diagnostics.error(cannot_fix, edits.front().range, "the numbers of this file cannot be rewritten as they stand")
      .help = "write them as plain numbers, [height, width, channels] on one line";
  return "";
}

/// Over a file that still is what was read.
void write(const std::string& path, const std::string& old, const std::string& text, Diagnostics& diagnostics) {
  constexpr std::string_view order_mark = "\xEF\xBB\xBF";
  std::error_code error;
  std::string reason;
  const std::string now = read_file(path, reason).value_or("");
  const std::string_view mark = now.starts_with(order_mark) ? order_mark : "";
  if (reason.empty() && !std::filesystem::is_regular_file(path, error)) reason = "no regular file";
  if (reason.empty() && now.substr(mark.size()) != old) reason = "it was changed meanwhile";
  if (reason.empty()) reason = replace_file(path, std::string(mark) + text);
  if (!reason.empty()) diagnostics.error("cannot-write", {}, fmt::format("cannot write {}: {}", path, reason));
}

std::string told(const std::string& path, const std::vector<ExpectEdit>& edits, bool json) {
  if (json) {
    nlohmann::ordered_json out = {{"deeper", 1}, {"file", path}, {"rewritten", nlohmann::ordered_json::array()}};
    for (const ExpectEdit& edit : edits)
      out["rewritten"].push_back(
          {{"line", edit.range.line}, {"column", edit.range.column}, {"was", edit.was}, {"now", edit.now}});
    return json_text(out);
  }
  std::string text;
  for (const ExpectEdit& edit : edits)
    text += fmt::format("{}:{}:{}: {} -> {}\n", path, edit.range.line, edit.range.column, edit.was, edit.now);
  return text + fmt::format("{}: {} numbers of `expect` rewritten\n", path, edits.size());
}

}  // namespace

std::vector<ExpectEdit> expect_edits(const NetworkSpec& spec, const std::vector<ExpectedNumber>& expected,
                                     const Sources& sources, Diagnostics& diagnostics) {
  std::map<PlaceKey, ExpectedNumber> places;
  const auto refuse = [&](const ExpectedNumber& number, std::string message, std::string help) {
    diagnostics.error(cannot_fix, number.place.range, std::move(message)).help = std::move(help);
  };
  for (const ExpectedNumber& number : expected) {
    const auto [at, first] = places.emplace(key_of(number.place.range), number);
    if (!first && at->second.real != number.real)
      refuse(number, fmt::format("this is {} in one use of the block and {} in another", at->second.real, number.real),
             "move `expect` to the uses, or write it with the block's arguments");
  }
  std::vector<ExpectEdit> edits;
  for (const auto& [key, number] : places) {
    if (number.written == number.real) continue;
    if (sources.name(number.place.range.file) != spec.file)
      refuse(
          number,
          fmt::format("{} is expected and {} is so, but other networks include this file", number.written, number.real),
          "change it by hand");
    else if (number.place.computed)
      refuse(number,
             fmt::format("{} is expected and {} is so, but the number is computed", number.written, number.real),
             "change the expression by hand");
    else
      edits.push_back({number.place.range, number.written, number.real});
  }
  return edits;
}

std::string apply_edits(const std::string& text, const std::vector<ExpectEdit>& edits) {
  std::string out;
  size_t at = 0;
  int line = 1, column = 1;
  for (const ExpectEdit& edit : edits) {
    const size_t begin = at;
    while (at < text.size() && (line < edit.range.line || (line == edit.range.line && column < edit.range.column))) {
      const bool ends = text[at] == '\n';
      ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80)
        ++at;  // columns count code points
      line += ends;
      column = ends ? 1 : column + 1;
    }
    const std::string was = std::to_string(edit.was);
    if (text.compare(at, was.size(), was) != 0) return "";
    out += text.substr(begin, at - begin) + std::to_string(edit.now);
    at += was.size();
    column += static_cast<int>(was.size());
  }
  return out + text.substr(at);
}

int fix_expect(const std::string& path, bool json) {
  Sources sources;
  Diagnostics diagnostics;
  const Expected expected = read(parse(path, {}, sources, diagnostics), sources, diagnostics);
  if (diagnostics.has_errors()) return report(diagnostics, sources, json);
  for (const Head* head : expected.left_out)
    diagnostics.note(cannot_fix, head->range, fmt::format("head `{}` cannot be built: its `expect` stay", head->name));
  const std::vector<ExpectEdit> edits = expect_edits(expected.spec, expected.built.expected, sources, diagnostics);
  if (!edits.empty() && !diagnostics.has_errors()) {
    const std::string text = checked_text(expected, edits, sources, diagnostics);
    if (!text.empty()) write(path, sources.text(edits.front().range.file), text, diagnostics);
  }
  const int status = report(diagnostics, sources, json);
  if (status == status_done) fmt::print("{}", told(path, edits, json));
  return status;
}

}  // namespace deeper
