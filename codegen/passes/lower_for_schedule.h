// Always runs, whatever is switched off: what the schedule has no kernel for becomes what it has. Batch norms become
// affines; identities go.
#pragma once
#include "codegen/ir/graph.h"

namespace deeper {

Graph lower_for_schedule(Graph graph);

}  // namespace deeper
