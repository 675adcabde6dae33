// Graph -> Schedule, and what hangs on it. `Schedule` itself is in schedule.h.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codegen/ir/graph.h"
#include "codegen/schedule/schedule.h"
#include "codegen/schedule/target.h"
#include "dsl/spec.h"

namespace deeper {

struct ScheduleOptions {
  int threads_max = 64;
  std::string spec_hash;  ///< stands in the source and the blob
  const Preprocess* preprocess = nullptr;
  const Sources* sources = nullptr;  ///< for "googlenet.yaml:61" comments (file names without folders)
  bool embed = false;
};

/// Every decision with its reason; cannot fail. `graph` has been optimized; its constants need no values.
Schedule schedule(const Graph& graph, const Target& target, const ScheduleOptions& options);

/// The blob's weights section: bound constants in the order and layout that the schedule fixed, padded with zeros.
std::vector<float> pack_weights(const Schedule& schedule, const Graph& graph);
/// The same into `schedule.weights_floats` zeros.
void pack_weights(const Schedule& schedule, const Graph& graph, std::span<float> blob);

/// Invariants (arena without overlaps of live buffers, slices inside buffers, units cover the output once, tiles fit
/// the registers); empty when all holds.
std::string verify(const Schedule& schedule);

/// As text for `dump --stage schedule`; `explain` prints the reasons too.
std::string print(const Schedule& schedule);

}  // namespace deeper
