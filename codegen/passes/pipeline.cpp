#include "codegen/passes/pipeline.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "codegen/ir/verify.h"
#include "codegen/passes/check_constants.h"
#include "codegen/passes/drop_dead_heads.h"
#include "codegen/passes/drop_identities.h"
#include "codegen/passes/elide_concats.h"
#include "codegen/passes/fold_batch_norm.h"
#include "codegen/passes/fuse_epilogues.h"
#include "codegen/passes/lower_for_schedule.h"
#include "codegen/passes/merge_siblings.h"
#include "codegen/passes/move_average_pools.h"

namespace deeper {
namespace {

struct Pass {
  std::string_view name;  ///< empty: cannot be switched off
  Graph (*rewrite)(Graph);
};

constexpr Pass passes[] = {
    {"drop-identities", drop_identities},        // first: a dropout between two layers would hide them from each other
    {"fold-batch-norm", fold_batch_norm},        // before anything else is attached to the convolutions
    {"drop-dead-heads", drop_dead_heads},        // before values are counted that nobody reads
    {"fuse-epilogues", fuse_epilogues},          // norms that could not fold are affines by now
    {"move-average-pools", move_average_pools},  // the projection's epilogue is complete and moves as a whole
    {"merge-siblings", merge_siblings},  // each slice keeps its own epilogue; moved projections are siblings too
    {"", lower_for_schedule},            // no identity may hide from the next one who owns a value
    {"elide-concats", elide_concats},    // last: it fixes where results are written
};

void require_sound([[maybe_unused]] std::string_view pass, [[maybe_unused]] const Graph& graph) {
#ifndef NDEBUG
  const std::string broken = verify(graph);
  if (broken.empty()) return;
  std::fprintf(stderr, "deeper: bug: %s broke an invariant: %s\n", std::string(pass).c_str(), broken.c_str());
  std::abort();
#endif
}

}  // namespace

std::vector<std::string_view> pass_names() {
  std::vector<std::string_view> names;
  for (const Pass& pass : passes)
    if (!pass.name.empty()) names.push_back(pass.name);
  return names;
}

Graph optimize(Graph graph, const PassOptions& options) {
  require_sound("build", graph);
  if (options.diagnostics && !check_variances(graph, *options.diagnostics)) return graph;
  ConstantCheck constants(graph, options.diagnostics);
  for (const Pass& pass : passes) {
    const auto& off = options.disabled;
    if (!pass.name.empty() && std::find(off.begin(), off.end(), pass.name) != off.end()) continue;
    graph = pass.rewrite(std::move(graph));
    const std::string_view name = pass.name.empty() ? "lower-for-schedule" : pass.name;
    require_sound(name, graph);
    if (!constants.sound(name, graph)) return graph;
    if (options.after && !pass.name.empty()) options.after(pass.name, graph);
  }
  return graph;
}

}  // namespace deeper
