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
  /// Tells of missing and unknown keys; false where there was any, or the node is no mapping. An unknown key may have
  /// been meant for `inside`, the keys of a mapping in this one.
  bool finish(std::vector<std::string_view> inside = {}, std::string inside_what = {});

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

/// What a mapping's keys are held against.
struct KeyCheck {
  std::string what;  ///< "`conv`"
  std::vector<std::string_view> known, missing;
  std::vector<std::string_view> inside{};  ///< keys of a mapping in this one, where they may have been meant
  std::string inside_what{};
};

/// Errors for keys of a mapping that are not known, and one for all that are missing (but for those that an unknown key
/// is a misspelling of). False where there was any.
bool report_keys(const YamlNode& node, KeyCheck check, Diagnostics& diagnostics);

}  // namespace deeper
