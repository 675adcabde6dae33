#include "dsl/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "dsl/field.h"
#include "dsl/read_file.h"
#include "dsl/text.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

constexpr size_t max_includes = 64;

/// What is wrong with a file, before it is read; empty = nothing.
std::string complaint(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return "there is no such file";
  if (fs::is_directory(status)) return "this is a folder, not a file";
  if (!fs::is_regular_file(status)) return "this is not a regular file";
  return {};
}

/// The file that an include names; empty, with an error, where it may not be read.
std::string include_path(const YamlNode& item, const std::string& file, Diagnostics& diagnostics) {
  if (item.is_poison()) return {};
  const auto fail = [&](std::string message) {
    diagnostics.error("bad-include", item.range, std::move(message)).help =
        "an include is a path relative to this file, in its folder or below";
    return std::string();
  };
  if (!item.is_scalar() || item.text.empty())
    return fail(fmt::format("an include is the name of a file, not {}", seen(item)));
  std::string wrong;
  std::string path = path_within(file, item.text, wrong);
  return path.empty() ? fail(wrong) : path;
}

/// What does not depend on arguments: keys, declarations, `layers` or `branches`.
void check_block(const YamlNode& node, Block& block, Diagnostics& diagnostics) {
  Fields fields(node, fmt::format("block {}", ticked(block.name)), block_keys, diagnostics);
  block.poison = !fields.finish();
  if (!node.is_mapping()) return;
  if (const YamlNode* args = fields.find("args")) block.args = read_declarations(*args, diagnostics);
  const YamlNode* layers = fields.find("layers");
  const YamlNode* branches = fields.find("branches");
  if (layers == nullptr && branches == nullptr) {
    diagnostics.error("missing-key", block.range,
                      fmt::format("block {} needs `layers` or `branches`", ticked(block.name)));
    block.poison = true;
  } else if (layers != nullptr && branches != nullptr) {
    auto& error = diagnostics.error("conflicting-keys", branches->range, "a block has either `layers` or `branches`");
    error.notes.push_back({layers->range, "`layers` is here"});
    block.poison = true;
  }
  if (layers != nullptr && fields.find("join") != nullptr) {
    diagnostics.error("conflicting-keys", fields.find("join")->range, "`join` goes with `branches`, not with `layers`");
    block.poison = true;
  }
}

/// All that a `use:` value can name: itself, or the words that its parameter may be.
void add_names(const YamlNode& value, const std::vector<Declaration>& declarations,
               std::set<std::string, std::less<>>& names) {
  if (!value.is_scalar()) return;
  names.insert(value.text);
  if (!value.text.starts_with('$')) return;
  for (const Declaration& each : declarations)
    if (each.name == value.text.substr(1)) names.insert(each.one_of.begin(), each.one_of.end());
}

void collect_uses(const YamlNode& node, const std::vector<Declaration>& declarations,
                  std::set<std::string, std::less<>>& names) {
  if (const YamlNode* value = node.is_mapping() ? node.find("use") : nullptr) add_names(*value, declarations, names);
  for (const YamlNode& item : node.items) collect_uses(item, declarations, names);
}

}  // namespace

std::string beside(const std::string& file, std::string_view path) {
  const size_t slash = file.rfind('/');
  return (slash == std::string::npos ? "" : file.substr(0, slash + 1)) + std::string(path);
}

std::optional<FileId> load_file(const std::string& path, std::optional<Range> asked, Sources& sources,
                                Diagnostics& diagnostics) {
  std::string wrong = complaint(path), text;
  std::error_code no_size;
  if (const auto bytes = fs::file_size(path, no_size); wrong.empty() && !no_size && bytes > max_file_bytes) {
    const std::string message = fmt::format("a file of {} bytes, at most {} are read", bytes, max_file_bytes);
    diagnostics.error("file-too-large", asked ? *asked : Range{sources.add(path, {}), 1, 1}, message);
    return std::nullopt;
  }
  if (wrong.empty()) {
    std::string reason;
    auto bytes = read_file(path, reason, max_file_bytes);
    if (bytes) text = std::move(*bytes);
    if (!bytes) wrong = fmt::format("this file cannot be read: {}", reason);
  }
  if (!wrong.empty()) {
    if (asked) {
      diagnostics.error("unreadable-file", *asked, fmt::format("{}: {}", printable(path), wrong));
    } else {
      diagnostics.error("unreadable-file", {sources.add(path, {})}, wrong);
    }
    return std::nullopt;
  }
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return sources.add(path, std::move(text));
}

void load_includes(const YamlNode& list, const std::string& file, std::deque<YamlNode>& trees, Blocks& blocks,
                   Sources& sources, Diagnostics& diagnostics) {
  if (!expect_sequence(list, "a list of files", diagnostics)) return;
  std::set<std::string> seen_paths;
  for (const YamlNode& item : list.items) {
    const std::string path = include_path(item, file, diagnostics);
    if (path.empty()) continue;
    std::error_code error;
    if (!seen_paths.insert(canonical_path(path, error).string()).second || seen_paths.size() > max_includes) {
      diagnostics.error("bad-include", item.range,
                        seen_paths.size() > max_includes ? fmt::format("more than {} includes", max_includes)
                                                         : fmt::format("{} is included twice", ticked(item.text)));
      continue;
    }
    const auto id = load_file(path, item.range, sources, diagnostics);
    auto tree = id ? read_yaml(*id, sources, diagnostics) : std::nullopt;
    if (!tree) continue;
    trees.push_back(std::move(*tree));
    const YamlNode& root = trees.back();
    if (!expect_mapping(root, "a mapping that holds `deeper: 1` and `blocks:`", diagnostics)) continue;
    if (!check_version(root, diagnostics)) continue;
    Fields fields(root, "an included file", include_keys, diagnostics);
    fields.finish();
    if (const YamlNode* own = fields.find("blocks")) add_blocks(*own, false, blocks, diagnostics);
  }
}

void add_blocks(const YamlNode& node, bool own, Blocks& blocks, Diagnostics& diagnostics) {
  if (!expect_mapping(node, "a mapping of blocks", diagnostics)) return;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    Block block{node.keys[i].text, &node.items[i], node.keys[i].range, own, false, {}};
    if (!is_id(block.name)) {
      diagnostics.error("bad-name", block.range, fmt::format("{} is no name for a block", ticked(block.name))).help =
          "letters, digits, `_`, `.` and `-`, at most 128";
      continue;
    }
    const auto [at, is_new] = blocks.emplace(block.name, block);
    if (!is_new) {
      auto& error = diagnostics.error("duplicate-block", block.range,
                                      fmt::format("block {} is there already", ticked(block.name)));
      error.notes.push_back({at->second.range, "the first one is here"});
      continue;
    }
    check_block(node.items[i], at->second, diagnostics);
  }
}

std::set<std::string, std::less<>> reachable_blocks(const YamlNode& root, const std::vector<Declaration>& params,
                                                    const Blocks& blocks) {
  std::set<std::string, std::less<>> used;
  for (size_t i = 0; i < root.keys.size(); ++i)
    if (root.keys[i].text != "blocks") collect_uses(root.items[i], params, used);
  std::vector<std::string> open(used.begin(), used.end());
  while (!open.empty()) {
    const auto block = blocks.find(open.back());
    open.pop_back();
    if (block == blocks.end()) continue;
    std::set<std::string, std::less<>> more;
    collect_uses(*block->second.node, block->second.args, more);
    for (const std::string& name : more)
      if (used.insert(name).second) open.push_back(name);
  }
  return used;
}

void report_unused_blocks(const std::set<std::string, std::less<>>& reachable, const Blocks& blocks,
                          Diagnostics& diagnostics) {
  for (const auto& [name, block] : blocks) {
    if (block.own && reachable.count(name) == 0)
      diagnostics.error("unused-block", block.range, fmt::format("nothing uses block {}", ticked(name)));
  }
}

bool check_version(const YamlNode& root, Diagnostics& diagnostics) {
  const YamlNode* version = root.find("deeper");
  if (version == nullptr) return true;  // a missing key, told with the others
  if (!version->is_scalar() || version->text != "1") {
    diagnostics.error("bad-version", version->range,
                      fmt::format("this program reads version 1 of the language, not {}", seen(*version)));
    return false;
  }
  if (root.keys.front().text != "deeper") {
    diagnostics.error("bad-version", root.keys[static_cast<size_t>(version - root.items.data())].range,
                      "`deeper: 1` belongs in front of all other keys");
  }
  return true;
}

}  // namespace deeper
