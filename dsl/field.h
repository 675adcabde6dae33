// Typed access to a mapping: which keys were asked for, which are missing, which nobody knows.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/keys.h"
#include "dsl/yaml_tree.h"

namespace deeper {

/// One mapping read by a table of its keys. Where the node is no mapping, that is an error and every key is absent.
class Fields {
 public:
  /// `what` is for messages: "`expect`", "block `reduced`".
  Fields(const YamlNode& node, std::string what, std::span<const KeyInfo> keys, Diagnostics& diagnostics);

  /// The value, or nullptr where the key is not written. `key` must stand in the table.
  const YamlNode* find(std::string_view key) const;
  const KeyInfo& info(std::string_view key) const;
  /// Tells of missing and unknown keys; false where there was any, or the node is no mapping.
  bool finish();

 private:
  const YamlNode& node_;
  std::string what_;
  std::span<const KeyInfo> keys_;
  Diagnostics& diagnostics_;
  bool is_mapping_;
};

/// False, with an error (silent for poison), where `node` is none. `what`: "a mapping of names".
bool expect_mapping(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);
bool expect_sequence(const YamlNode& node, std::string_view what, Diagnostics& diagnostics);

/// The error for a key that is not one of `known`.
void report_unknown_key(const NodeKey& key, std::string_view what, const std::vector<std::string_view>& known,
                        Diagnostics& diagnostics);

/// The error for keys that must be there: one for all of them.
void report_missing_keys(Range range, std::string_view what, const std::vector<std::string_view>& missing,
                         Diagnostics& diagnostics);

}  // namespace deeper
