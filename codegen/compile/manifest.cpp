#include "codegen/compile/manifest.h"

#include <nlohmann/json.hpp>

#include "codegen/compile/version.h"

namespace deeper {

std::string manifest(const ManifestFacts& facts) {
  const Schedule& schedule = *facts.schedule;
  nlohmann::ordered_json out;
  out["deeper"] = 1;
  out["tool"] = tool_version();
  out["network"] = schedule.network;
  out["spec_hash"] = schedule.spec_hash;
  out["weights_hash"] = facts.weights_hash;
  out["target"] = schedule.target;
  out["dtype"] = "f32";
  out["algorithms"] = "exact";
  out["arena_bytes"] = schedule.arena_floats * 4;
  out["arena_bytes_per_further_thread"] = schedule.arena_floats_per_thread * 4;
  out["weights_bytes"] = schedule.weights_floats * 4;
  if (facts.report.stack_bytes > 0) out["stack_bytes"] = facts.report.stack_bytes;
  out["threads_max"] = schedule.threads_max;
  out["embedded_weights"] = schedule.embed;
  if (!facts.compiler.empty()) {
    out["compiler"] = facts.compiler;
    out["flags"] = facts.report.flags;
    out["flags_image_and_program"] = facts.report.hardening_flags;
    out["libraries"] = nlohmann::ordered_json::object();
    for (const LibraryVersion& each : facts.libraries) {
      out["libraries"][each.name] = {{"version", each.version}};
      if (!each.package.empty()) out["libraries"][each.name]["package"] = each.package;
    }
  }
  out["files"] = facts.files;
  out["sources"] = facts.sources;
  return out.dump(2) + "\n";
}

}  // namespace deeper
