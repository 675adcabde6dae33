// `{$p: {a: X, b: Y}}`: the value at the word that the parameter or argument p is.
#pragma once
#include "dsl/params.h"

namespace deeper {

/// A mapping whose only key is `$` and a name.
bool is_choice(const YamlNode& node);

/// Puts the chosen value in the place of `node`, a choice whose own values are substituted. All words of `one_of` (or
/// true and false) must stand in it, and no others; with a mistake it becomes poison.
void choose(YamlNode& node, const Scope& scope, Diagnostics& diagnostics);

}  // namespace deeper
