#include "dsl/field.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "dsl/foreign_words.h"
#include "dsl/text.h"

namespace deeper {
namespace {

bool expect_kind(const YamlNode& node, YamlNode::Kind kind, std::string_view what, Diagnostics& diagnostics) {
  if (node.kind == kind) return true;
  if (!node.is_poison())
    diagnostics.error("wrong-type", node.range, fmt::format("here belongs {}, not {}", what, seen(node)));
  return false;
}

/// `inside`: the mapping in this one that has the key.
std::string foreign_help(const ForeignKey& foreign, std::string_view inside) {
  if (foreign.ours.empty()) return std::string(foreign.note);
  std::string help = inside.empty() ? fmt::format("it is called {} here", ticked(foreign.ours))
                                    : fmt::format("it is called {} here, in {}", ticked(foreign.ours), inside);
  if (!foreign.note.empty()) help += fmt::format(": {}", foreign.note);
  return help;
}

}  // namespace

bool expect_mapping(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  return expect_kind(node, YamlNode::Kind::mapping, what, diagnostics);
}

bool expect_sequence(const YamlNode& node, std::string_view what, Diagnostics& diagnostics) {
  return expect_kind(node, YamlNode::Kind::sequence, what, diagnostics);
}

bool report_keys(const YamlNode& node, KeyCheck check, Diagnostics& diagnostics) {
  bool ok = check.missing.empty();
  for (const NodeKey& key : node.keys) {
    if (std::find(check.known.begin(), check.known.end(), key.text) != check.known.end()) continue;
    ok = false;
    auto& error =
        diagnostics.error("unknown-key", key.range, fmt::format("{} has no key {}", check.what, ticked(key.text)));
    if (const ForeignKey* foreign = foreign_key(key.text, check.known)) {
      error.help = foreign_help(*foreign, "");
      std::erase(check.missing, foreign->ours);
      continue;
    }
    const std::string_view near = nearest(key.text, check.known), near_inside = nearest(key.text, check.inside);
    std::erase(check.missing, near);
    if (const ForeignKey* foreign = near.empty() ? foreign_key(key.text, check.inside) : nullptr) {
      error.help = foreign_help(*foreign, check.inside_what);
    } else if (near.empty() && !near_inside.empty()) {
      error.help = fmt::format("did you mean {} in {}?", ticked(near_inside), check.inside_what);
    } else {
      error.help = check.known.empty() ? "it takes none: `{}`" : suggestion(key.text, check.known, "its keys are");
    }
  }
  std::string list;
  for (std::string_view key : check.missing) list += (list.empty() ? "" : ", ") + ticked(key);
  if (!list.empty()) diagnostics.error("missing-key", node.range, fmt::format("{} needs {}", check.what, list));
  return ok;
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

bool Fields::finish(std::vector<std::string_view> inside, std::string inside_what) {
  if (!is_mapping_) return false;
  std::vector<std::string_view> known, missing;
  for (const KeyInfo& key : keys_) {
    known.push_back(key.name);
    if (key.required && node_.find(key.name) == nullptr) missing.push_back(key.name);
  }
  return report_keys(node_, {what_, known, missing, std::move(inside), std::move(inside_what)}, diagnostics_);
}

}  // namespace deeper
