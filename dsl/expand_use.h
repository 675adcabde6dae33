// What expanding one layer can ask for: a block's body, branches, a residual; and the bounds of an expansion.
#pragma once
#include <optional>

#include "dsl/expand.h"

namespace deeper {

/// Puts the block that `name` names in place of a use: a `Branches` with the block's branches, or one named "layers".
bool expand_use(const YamlNode& name, const YamlNode* with, const LayerList& list, Layer& layer,
                Expansions& expansions);

bool read_branches(const YamlNode& node, const LayerList& list, Branches& out, Expansions& expansions);

bool read_residual(const YamlNode& node, const LayerList& list, std::optional<Residual>& out, Expansions& expansions);

/// False, with an error the first time, where there are too many.
bool count_layer(Range range, Expansions& expansions);

/// Marks a copy of a tree as reached by `step`.
void copy_traced(YamlNode& copy, Expansion step, Expansions& expansions);

/// Takes a path for a layer; false, with an error, where another has it.
bool claim_path(const std::string& path, Range range, Expansions& expansions);

/// Stands for a layer that could not be read; keeps its path and place.
Layer make_unreadable(Layer layer);

}  // namespace deeper
