#include "dsl/unused_defaults.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

using Words = std::set<std::string, std::less<>>;

// Layers are the mappings in lists; elsewhere the same word can be a branch's or an argument's name.
void collect_words(const YamlNode& node, bool in_list, Words& words) {
  if (node.is_mapping() && in_list)
    for (const NodeKey& key : node.keys) words.insert(key.text);
  for (const YamlNode& item : node.items) collect_words(item, node.is_sequence(), words);
}

std::string help_for(std::string_view word, const Words& words) {
  if (default_words(word).size() > 1 && words.count(PoolLayer::word) > 0)
    return fmt::format("layers with the word `{0}` take the entry of `{0}`, whatever their kind", PoolLayer::word);
  std::string present;
  for (const std::string_view known : layer_words())
    if (words.count(known) > 0) present += (present.empty() ? "" : ", ") + std::string(known);
  return "the layers here are: " + present;
}

}  // namespace

void report_unused_defaults(const YamlNode& root, const std::set<std::string, std::less<>>& reachable,
                            const Blocks& blocks, Diagnostics& diagnostics) {
  const YamlNode* defaults = root.find("defaults");
  if (defaults == nullptr || !defaults->is_mapping() || diagnostics.has_errors()) return;
  Words words;
  for (const char* key : {"layers", "heads"})
    if (const YamlNode* node = root.find(key)) collect_words(*node, false, words);
  for (const std::string& name : reachable)
    if (const auto block = blocks.find(name); block != blocks.end()) collect_words(*block->second.node, false, words);
  Words taken;
  for (const std::string& word : words)
    for (const std::string_view entry : default_words(word)) taken.emplace(entry);
  for (const NodeKey& key : defaults->keys) {
    if (taken.count(key.text) > 0) continue;
    diagnostics
        .warning("unused-defaults", key.range,
                 fmt::format("no layer takes these defaults: there is no {}", ticked(key.text)))
        .help = help_for(key.text, words);
  }
}

}  // namespace deeper
