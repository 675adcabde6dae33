// Parameters of the network and arguments of a block: how they are declared, and putting their values in place of `$x`.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/parse.h"
#include "dsl/yaml_tree.h"

namespace deeper {

enum class ValueType { integer, number, boolean, word };

/// A parameter's or argument's value, as YAML would print it.
struct Value {
  ValueType type = ValueType::integer;
  std::string text;
  bool from_param = false;            ///< is a parameter of the network, or was made from one
  bool poison = false;                ///< has a mistake that is told already
  bool plain = true;                  ///< written without quotes: in `one_of: [same_tf, 1]` the 1 is a number
  std::vector<std::string> one_of{};  ///< what else it could be; empty = any value of the type
};

/// `name: int`, `name: {type: int, default: 8}`, `name: {one_of: [a, b], default: a}`, or `name: 8`.
struct Declaration {
  std::string name;
  Range range;
  ValueType type = ValueType::integer;
  std::vector<std::string> one_of;  ///< empty = any value of the type
  bool has_default = false;
  bool poison = false;  ///< has a mistake that is told already
  Value value;          ///< the default
};

/// What `$x` can mean at some place.
struct Scope {
  std::string what;       ///< for messages: "param" or "argument of block `reduced`"
  std::string none_help;  ///< what mends a name where there are none
  std::map<std::string, Value, std::less<>> values;
};

std::string_view type_name(ValueType type);

/// All declarations of a `params:` or `args:` mapping, those with mistakes poisoned.
std::vector<Declaration> read_declarations(const YamlNode& node, Diagnostics& diagnostics);

/// A value given for `declaration`: by `with:` or `--set`. Poison, and an error, where it does not fit.
Value read_argument(const Declaration& declaration, const YamlNode& node, Diagnostics& diagnostics);

/// The network's scope: defaults, and `--set` over them.
Scope network_scope(const std::vector<Declaration>& declarations, const ParseOptions& options, Sources& sources,
                    Diagnostics& diagnostics, std::vector<ParamValue>& params);

/// Replaces every plain scalar with a `$` below `node` by its value, and every choice (choice.h) by what is chosen;
/// those with a mistake become poison.
void substitute(YamlNode& node, const Scope& scope, Diagnostics& diagnostics);

/// Sets the expansion that every place below `node` was reached by; returns the number of nodes.
int set_trace(YamlNode& node, int trace);

}  // namespace deeper
