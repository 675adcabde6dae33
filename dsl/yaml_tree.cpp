#include "dsl/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "dsl/text.h"

namespace deeper {
namespace {

/// Stops yaml-cpp's walk; what was wrong is in the diagnostics.
struct Refused {};

/// Bytes that the scalar at the front of `rest`, one line's, takes there.
size_t scalar_bytes(std::string_view rest, std::string_view value) {
  if (rest.starts_with('"')) {
    size_t i = 1;
    while (i < rest.size() && rest[i] != '"') i += rest[i] == '\\' ? 2 : 1;
    return std::min(rest.size(), i + 1);
  }
  if (rest.starts_with('\'')) {
    size_t i = 1;
    while (i < rest.size() && (rest[i] != '\'' || rest.substr(i + 1).starts_with('\''))) i += rest[i] == '\'' ? 2 : 1;
    return std::min(rest.size(), i + 1);
  }
  if (rest.starts_with('|') || rest.starts_with('>')) return 1;
  if (rest.starts_with(value)) return value.size();
  return rest.find_last_not_of(" \t") + 1;  // goes on in the next line
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(FileId file, const Sources& sources, Diagnostics& diagnostics)
      : file_(file), sources_(sources), diagnostics_(diagnostics) {}

  YamlNode take_root() { return std::move(root_); }
  void expect_no_more() { finished_ = true; }

  /// One character at a place that yaml-cpp names (bytes, from 0).
  Range at(const YAML::Mark& mark) {
    const int line = std::max(0, mark.line) + 1;
    const size_t byte = std::min<size_t>(line_text(line).size(), std::max(0, mark.column));
    if (byte < counted_bytes_) counted_bytes_ = 0, column_ = 1;
    column_ += count_code_points(line_.substr(counted_bytes_, byte - counted_bytes_));
    counted_bytes_ = byte;
    return {file_, line, column_, 1, -1};
  }
  /// The text from there to the end of its line.
  std::string_view rest(const YAML::Mark& mark) {
    const std::string_view line = line_text(mark.line + 1);
    return line.substr(std::min<size_t>(line.size(), std::max(0, mark.column)));
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!finished_) return;
    const std::string_view text = rest(mark);
    if (text.starts_with("---") || text.empty()) {
      refuse("second-document", at(mark), "a second document begins here",
             "one file holds one network or one set of blocks");
    }
    refuse("bad-yaml", at(mark), fmt::format("{} has no place here", ticked(text)), {});
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (anchor != YAML::NullAnchor) refuse_anchor(mark);
    add(YamlNode{}, at(mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_properties(mark, tag, anchor);
    YamlNode node;
    node.plain = tag == "?";
    node.kind = node.plain && is_null(value) ? YamlNode::Kind::null : YamlNode::Kind::scalar;
    node.text = value;
    Range range = at(mark);
    range.length = std::max(1, count_code_points(rest(mark).substr(0, scalar_bytes(rest(mark), value))));
    add(std::move(node), range);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_properties(mark, tag, anchor);
    open(YamlNode::Kind::sequence, at(mark));
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_properties(mark, tag, anchor);
    open(YamlNode::Kind::mapping, at(mark));
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YamlNode node;
    bool has_key = false;
    bool skip_value = false;  ///< of a key that is told to be wrong
    NodeKey key;
    std::unordered_map<std::string, Range> known;  ///< keys so far
  };

  [[noreturn]] void refuse(std::string_view id, Range range, std::string message, std::string help) {
    diagnostics_.error(id, range, std::move(message)).help = std::move(help);
    throw Refused{};
  }
  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) {
    refuse("anchor-or-alias", at(mark), "anchors and aliases are not part of the language",
           "what repeats belongs into a block, `params` or `defaults`");
  }

  void check_properties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) refuse_anchor(mark);
    const bool written = rest(mark).starts_with('!') || (tag != "?" && tag != "!" && !tag.empty());
    if (written) refuse("yaml-tag", at(mark), "YAML tags are not part of the language", "remove the tag");
  }

  void count_node(Range range) {
    if (++nodes_ > max_yaml_nodes)
      refuse("too-many-values", range, fmt::format("this file holds more than {} values", max_yaml_nodes), {});
  }

  void open(YamlNode::Kind kind, Range range) {
    count_node(range);
    if (levels_.size() >= max_yaml_depth)
      refuse("too-deep", range, fmt::format("nested deeper than {} levels", max_yaml_depth), {});
    if (!levels_.empty() && levels_.back().node.is_mapping() && !levels_.back().has_key) refuse_key(range);
    levels_.emplace_back();
    levels_.back().node.kind = kind;
    levels_.back().node.range = range;
  }

  void close() {
    YamlNode node = std::move(levels_.back().node);
    levels_.pop_back();
    if (node.is_mapping() && !node.keys.empty()) {
      const Range& first = node.keys.front().range;  // a block mapping begins with its first key
      if (first.line == node.range.line && first.column == node.range.column) node.range = first;
    }
    place(std::move(node));
  }

  void add(YamlNode node, Range range) {
    count_node(range);
    node.range = range;
    if (!levels_.empty() && levels_.back().node.is_mapping() && !levels_.back().has_key) {
      take_key(node);
    } else {
      place(std::move(node));
    }
  }

  void refuse_key(Range range) {
    refuse("bad-key", range, "a list or a mapping stands where a key belongs",
           "its bracket is not closed, or `key:` is missing in front of it");
  }

  void take_key(const YamlNode& node) {
    Level& level = levels_.back();
    level.has_key = true;
    level.key = {node.text, node.range};
    level.skip_value = true;
    if (node.text.empty()) {
      diagnostics_.error("bad-key", node.range, "a key is missing here");
    } else if (const auto [known, is_new] = level.known.emplace(node.text, node.range); !is_new) {
      auto& error =
          diagnostics_.error("duplicate-key", node.range, fmt::format("{} is given twice", ticked(node.text)));
      error.notes.push_back({known->second, "first here"});
    } else {
      level.skip_value = false;
    }
  }

  void place(YamlNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    const bool skip = level.node.is_mapping() && level.skip_value;
    if (level.node.is_mapping() && !skip) level.node.keys.push_back(std::move(level.key));
    level.has_key = false;
    if (!skip) level.node.items.push_back(std::move(node));
  }

  /// Kept from call to call: a file can be one line of a megabyte.
  std::string_view line_text(int number) {
    if (number != line_number_) {
      line_ = sources_.line(file_, number);
      line_number_ = number;
      counted_bytes_ = 0;
      column_ = 1;
    }
    return line_;
  }

  FileId file_;
  const Sources& sources_;
  Diagnostics& diagnostics_;
  std::string_view line_;
  int line_number_ = 0;
  size_t counted_bytes_ = 0;  ///< of line_, that lie before column_
  int column_ = 1;
  std::vector<Level> levels_;
  YamlNode root_;
  int nodes_ = 0;
  bool finished_ = false;
};

Range range_of_offset(FileId file, const std::string& text, size_t offset) {
  const size_t newline = text.rfind('\n', offset == 0 ? 0 : offset - 1);
  const size_t begin = newline == std::string::npos || offset == 0 ? 0 : newline + 1;
  const auto line = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(offset), '\n') + 1;
  return {file, static_cast<int>(line), count_code_points(std::string_view(text).substr(begin, offset - begin)) + 1, 1,
          -1};
}

bool check_text(FileId file, const std::string& text, Diagnostics& diagnostics) {
  if (text.size() > max_file_bytes) {
    diagnostics.error("file-too-large", {file, 1, 1},
                      fmt::format("a file of {} bytes, at most {} are read", text.size(), max_file_bytes));
    return false;
  }
  if (const auto bad = find_invalid_utf8(text)) {
    diagnostics
        .error("bad-encoding", range_of_offset(file, text, *bad),
               fmt::format("byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(text[*bad])))
        .help = "save the file as UTF-8";
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    const bool lone_return = c == '\r' && text.compare(i, 2, "\r\n") != 0;
    if ((c >= ' ' && c != 0x7f) || c == '\t' || c == '\n' || (c == '\r' && !lone_return)) continue;
    diagnostics.error("bad-encoding", range_of_offset(file, text, i), fmt::format("control character U+{:04X}", c));
    return false;
  }
  // yaml-cpp reads all brackets of a line before it tells of the first.
  int brackets = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] != '[' && text[i] != '{') || ++brackets <= max_yaml_nodes) continue;
    diagnostics.error("too-many-values", range_of_offset(file, text, i),
                      fmt::format("this file holds more than {} values", max_yaml_nodes));
    return false;
  }
  return true;
}

/// Tabs in front of the first other character of a line.
bool check_indentation(FileId file, const Sources& sources, Diagnostics& diagnostics) {
  bool ok = true;
  const auto lines = std::count(sources.text(file).begin(), sources.text(file).end(), '\n') + 1;
  for (int number = 1; number <= lines; ++number) {
    const std::string_view line = sources.line(file, number);
    const size_t tab = line.find_first_not_of(' ');
    if (tab == std::string_view::npos || line[tab] != '\t') continue;
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    diagnostics.error("tab-indentation", {file, number, static_cast<int>(tab) + 1, 1, -1}, "a tab in the indentation")
        .help = "indent with spaces";
    ok = false;
  }
  return ok;
}

/// yaml-cpp's own words, and what its commonest ones mean to an author.
void report(const YAML::ParserException& exception, TreeBuilder& builder, Diagnostics& diagnostics) {
  const std::string_view rest = builder.rest(exception.mark);
  if (rest.starts_with('*') || rest.starts_with('&')) {
    diagnostics.error("anchor-or-alias", builder.at(exception.mark), "anchors and aliases are not part of the language")
        .help = "what repeats belongs into a block, `params` or `defaults`";
    return;
  }
  auto& error =
      diagnostics.error("bad-yaml", builder.at(exception.mark), fmt::format("not YAML: {}", printable(exception.msg)));
  if (exception.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) error.help = "a `{` before this place is not closed";
  if (exception.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW) error.help = "a `[` before this place is not closed";
  if (exception.msg == YAML::ErrorMsg::END_OF_MAP || exception.msg == YAML::ErrorMsg::END_OF_SEQ)
    error.help = "lines of one mapping or list begin in the same column";
  if (exception.msg == YAML::ErrorMsg::MAP_VALUE)
    error.help = "lines of one mapping begin in the same column, and a text with `: ` in it needs quotes";
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i)
    if (keys[i].text == key) return &items[i];
  return nullptr;
}

bool YamlNode::is_text() const {
  return is_scalar() && (!plain || (!parse_number(text) && !looks_like_int(text) && !parse_bool(text)));
}

std::optional<YamlNode> read_yaml(FileId file, const Sources& sources, Diagnostics& diagnostics) {
  const std::string& text = sources.text(file);
  if (!check_text(file, text, diagnostics) || !check_indentation(file, sources, diagnostics)) return std::nullopt;
  std::istringstream stream(text);
  TreeBuilder builder(file, sources, diagnostics);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error("empty-file", {file, 1, 1}, "this file is empty");
      return std::nullopt;
    }
    // Not a loop: on text like "," yaml-cpp finds documents for ever.
    builder.expect_no_more();
    parser.HandleNextDocument(builder);
  } catch (const Refused&) {
    return std::nullopt;
  } catch (const YAML::ParserException& exception) {
    report(exception, builder, diagnostics);
    return std::nullopt;
  }
  return builder.take_root();
}

Range part_of(const YamlNode& scalar, std::string_view text, size_t offset, size_t length) {
  Range range = scalar.range;  // plain: the text begins where the range does
  range.column += count_code_points(text.substr(0, offset));
  range.length = count_code_points(text.substr(offset, length));
  return range;
}

std::string seen(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a mapping";
    case YamlNode::Kind::poison:
      return "a mistake";
    case YamlNode::Kind::scalar:
      break;
  }
  std::string out = node.is_text() ? "the text " : node.plain && parse_bool(node.text) ? "" : "the number ";
  out += ticked(node.text);
  if (!node.written.empty()) out += " (from " + ticked(node.written) + ")";
  return out;
}

}  // namespace deeper
