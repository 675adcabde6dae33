// From trees to flat layers: blocks are put in place of their uses, repeats written out, paths given.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/load.h"
#include "dsl/source.h"
#include "dsl/spec.h"
#include "dsl/yaml_tree.h"

namespace deeper {

constexpr int max_layers = 20'000;
/// Of layers in branches in uses; then flat YAML stays within max_yaml_depth.
constexpr int max_layer_depth = 16;
/// Values of blocks and repeats, copied for their uses: bounds time where small blocks use each other often.
constexpr int64_t max_copied_nodes = 4'000'000;

/// `in` of a layer that stands for one that could not be read: its output is in doubt. No layer can have this path.
constexpr std::string_view unknown_path = "?";

/// What all of one expansion shares.
struct Expansions {
  const Blocks& blocks;
  const YamlNode* defaults;  ///< nullptr = none
  Sources& sources;
  Diagnostics& diagnostics;
  std::map<std::string, Range, std::less<>> paths;  ///< every path an author chose, with its place
  int layers = 0;
  int64_t copied_nodes = 0;
  bool stopped = false;  ///< a bound is passed: nothing more is expanded
};

/// A list of layers and where it stands.
struct LayerList {
  std::string scope;                       ///< path that ids here are below; empty in the network itself
  const std::string* branch = nullptr;     ///< name for the one unnamed layer with weights
  bool own_file = false;                   ///< ids with `/` are full paths (flat YAML)
  int depth = 0;                           ///< of nested lists
  std::vector<std::string_view> blocks{};  ///< being expanded, outermost first
};

/// Layers in order. One that could not be read is replaced by a dropout that reads `unknown_path`. Unnamed layers come
/// with their scope as path; `name_unnamed` completes it.
std::vector<Layer> expand_layers(const YamlNode& list, const LayerList& where, Expansions& expansions);

/// Figures that the author asserts; those with mistakes are left out.
Expect read_expect(const YamlNode& node, Diagnostics& diagnostics);

/// Gives every unnamed layer a path of its own: scope, its word, and _2, _3, ... where that is taken.
void name_unnamed(NetworkSpec& spec, const Expansions& expansions);

/// Checks `in` and `from`: they name layers that come before. Drops an `in` that names what is read anyway. Stays
/// silent where a name may belong to something that could not be read; `complete`: all of the network's lists could.
void check_references(NetworkSpec& spec, const Expansions& expansions, bool complete);

std::string join_path(std::string_view scope, std::string_view id);

/// Calls `f` for every layer, inner ones after the one that holds them.
void for_each_layer(std::vector<Layer>& layers, const std::function<void(Layer&)>& f);

}  // namespace deeper
