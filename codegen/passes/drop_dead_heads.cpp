#include "codegen/passes/drop_dead_heads.h"

#include "codegen/passes/rewrite.h"

namespace deeper {

Graph drop_dead_heads(Graph graph) { return drop_unread(std::move(graph)); }

}  // namespace deeper
