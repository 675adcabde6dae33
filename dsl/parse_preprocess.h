// `preprocess:` of an input.
#pragma once
#include "dsl/diagnostics.h"
#include "dsl/spec.h"
#include "dsl/yaml_tree.h"

namespace deeper {

/// Preprocessing must end at the input's shape, where that could be read.
void read_preprocess(const YamlNode& node, NetworkSpec& spec, bool has_shape, Diagnostics& diagnostics);

}  // namespace deeper
