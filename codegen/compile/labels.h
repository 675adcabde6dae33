// Names of classes: what --labels and the spec name, read and fitted to the heads.
#pragma once
#include <string>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/diagnostics.h"

namespace deeper {

using LabelLists = std::vector<std::vector<std::string>>;

/// One list a head, in order; empty where there are none. `options` are "[HEAD=]FILE": without a head,
/// every head with as many classes as the file has lines. `spec_file`: the heads' own `labels:` lie beside it.
LabelLists read_labels(const Graph& graph, const std::vector<std::string>& options, const std::string& spec_file,
                       Diagnostics& diagnostics);

/// A note for each head with classes that `lists` has no names for.
void note_missing_labels(const Graph& graph, const LabelLists& lists, Diagnostics& diagnostics);

}  // namespace deeper
