// The parts of a network file that hold no layers.
#pragma once
#include "dsl/diagnostics.h"
#include "dsl/spec.h"
#include "dsl/yaml_tree.h"

namespace deeper {

/// `input:`. Preprocessing must end at the input's shape.
void read_input(const YamlNode& node, NetworkSpec& spec, Diagnostics& diagnostics);

/// `weights:`.
void read_weights(const YamlNode& node, NetworkSpec& spec, Diagnostics& diagnostics);

}  // namespace deeper
