// The files of one network: its own, and what it includes; and the blocks they define.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/params.h"
#include "dsl/source.h"
#include "dsl/yaml_tree.h"

namespace deeper {

/// A module as written. Its `layers` or `branches` are read anew for every use.
struct Block {
  std::string name;
  const YamlNode* node = nullptr;
  Range range;       ///< of its name
  bool own = false;  ///< of the network's own file
  bool poison = false;
  std::vector<Declaration> args;
};

using Blocks = std::map<std::string, Block, std::less<>>;

/// Text of a regular file of at most 1 MiB, without a byte order mark. `asked` is the place to blame for a missing
/// file.
std::optional<FileId> load_file(const std::string& path, std::optional<Range> asked, Sources& sources,
                                Diagnostics& diagnostics);

/// `path` below the folder of `file`: "dir/net.yaml" and "blocks/x.yaml" give "dir/blocks/x.yaml".
std::string beside(const std::string& file, std::string_view path);

/// Reads the files of an `include:` list. Trees are kept in `trees` (blocks point into them).
void load_includes(const YamlNode& list, const std::string& file, std::deque<YamlNode>& trees, Blocks& blocks,
                   Sources& sources, Diagnostics& diagnostics);

/// Adds the blocks of one `blocks:` mapping, after a look at everything that does not depend on arguments.
void add_blocks(const YamlNode& node, bool own, Blocks& blocks, Diagnostics& diagnostics);

/// Blocks that `root`, or a block it uses, can use: where a `use:` is a parameter, with any of its values.
std::set<std::string, std::less<>> reachable_blocks(const YamlNode& root, const std::vector<Declaration>& params,
                                                    const Blocks& blocks);

/// Tells of every block of the network's own file that is not among them.
void report_unused_blocks(const std::set<std::string, std::less<>>& reachable, const Blocks& blocks,
                          Diagnostics& diagnostics);

/// `deeper: 1`, at the front of `root`. False where it is another version: then nothing else is read.
bool check_version(const YamlNode& root, Diagnostics& diagnostics);

}  // namespace deeper
