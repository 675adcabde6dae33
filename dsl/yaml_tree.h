// YAML text as a located tree. yaml_tree.cpp is the only file that includes yaml-cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/source.h"

namespace deeper {

constexpr size_t max_file_bytes = 1 << 20;
constexpr int max_yaml_depth = 64;
constexpr int max_yaml_nodes = 200'000;

struct NodeKey {
  std::string text;
  Range range;
};

/// One value of a file. A mapping's `keys[i]` belongs to `items[i]`; a sequence has items only.
struct YamlNode {
  enum class Kind : uint8_t {
    null,  ///< written as nothing, `~` or `null`
    scalar,
    sequence,
    mapping,
    poison,  ///< held a mistake that is told already; whoever reads it stays silent
  };
  Kind kind = Kind::null;
  bool plain = false;       ///< a scalar without quotes
  bool from_param = false;  ///< its value came from `$param` of the network
  Range range;
  std::string text;     ///< of a scalar
  std::string written;  ///< of a scalar whose `$x` was replaced: the text before that
  std::vector<NodeKey> keys;
  std::vector<YamlNode> items;

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_mapping() const { return kind == Kind::mapping; }
  bool is_poison() const { return kind == Kind::poison; }
  /// The value of a mapping's key.
  const YamlNode* find(std::string_view key) const;
  /// A plain scalar that is neither number, bool nor null as YAML's core schema has them, or a quoted one.
  bool is_text() const;
};

/// The one document of a file; nothing where it has a mistake of syntax. Anchors, aliases, tags, a second document,
/// more depth, bytes or values than the bounds above are errors; so are duplicate keys, but the tree comes without
/// them.
std::optional<YamlNode> read_yaml(FileId file, const Sources& sources, Diagnostics& diagnostics);

/// The place of some bytes of a scalar's text.
Range part_of(const YamlNode& scalar, std::string_view text, size_t offset, size_t length);

/// Kind and value for a message: "the text `abc`", "the number 1.5", "a list", "nothing".
std::string seen(const YamlNode& node);

}  // namespace deeper
