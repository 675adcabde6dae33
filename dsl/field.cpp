#include "dsl/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "dsl/text.h"

namespace deeper {
namespace {

bool expect_kind(const YamlNode& node, YamlNode::Kind kind, std::string_view what, Diagnostics& diagnostics) {
  if (node.kind == kind) return true;
  if (!node.is_poison())
    diagnostics.error("wrong-type", node.range, fmt::format("here belongs {}, not {}", what, seen(node)));
  return false;
}

}  // namespace

bool expect_mapping(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  return expect_kind(node, YamlNode::Kind::mapping, what, diagnostics);
}

bool expect_sequence(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  return expect_kind(node, YamlNode::Kind::sequence, what, diagnostics);
}

void report_unknown_key(const NodeKey& key, std::string_view what, const std::vector<std::string_view>& known,
                        Diagnostics& diagnostics) {
  auto& error = diagnostics.error("unknown-key", key.range, fmt::format("{} has no key {}", what, ticked(key.text)));
  error.help = known.empty() ? "it takes none: `{}`" : suggestion(key.text, known, "its keys are");
}

void report_missing_keys(Range range, std::string_view what, const std::vector<std::string_view>& missing,
                         Diagnostics& diagnostics) {
  if (missing.empty()) return;
  std::string list;
  for (std::string_view key : missing) list += (list.empty() ? "" : ", ") + ticked(key);
  diagnostics.error("missing-key", range, fmt::format("{} needs {}", what, list));
}

Fields::Fields(const YamlNode& node, std::string what, std::span<const KeyInfo> keys, Diagnostics& diagnostics)
    : node_(node),
      what_(std::move(what)),
      keys_(keys),
      diagnostics_(diagnostics),
      is_mapping_(expect_mapping(node, "a mapping", diagnostics)) {}

const KeyInfo& Fields::info(std::string_view key) const {
  const auto at = std::find_if(keys_.begin(), keys_.end(), [&](const KeyInfo& each) { return each.name == key; });
  assert(at != keys_.end());
  return *at;
}

const YamlNode* Fields::find(std::string_view key) const {
  assert(info(key).name == key);
  return is_mapping_ ? node_.find(key) : nullptr;
}

bool Fields::finish() {
  if (!is_mapping_) return false;
  std::vector<std::string_view> known, missing;
  bool ok = true;
  for (const KeyInfo& key : keys_) {
    known.push_back(key.name);
    if (key.required && node_.find(key.name) == nullptr) missing.push_back(key.name);
  }
  for (const NodeKey& key : node_.keys) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    report_unknown_key(key, what_, known, diagnostics_);
    ok = false;
  }
  report_missing_keys(node_.range, what_, missing, diagnostics_);
  return ok && missing.empty();
}

}  // namespace deeper
