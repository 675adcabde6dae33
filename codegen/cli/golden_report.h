// What `golden check` says of its verdicts: to people and to programs.
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "codegen/cli/golden_changes.h"
#include "codegen/cli/golden_verdict.h"
#include "codegen/ir/build.h"

namespace deeper {

/// What is known about the network beside its outputs.
struct Findings {
  const LayerPlaces& places;
  std::vector<Change> changes;  ///< since the goldens were recorded
  bool known = true;            ///< false: the goldens are of an earlier version, which did not keep spec and tensors
  std::map<std::string, std::vector<std::string>> layers;  ///< by step, of those that compute several
  std::span<const LayerRow> rows;                          ///< as `deeper check` shows the layers

  /// The layers, as `places` knows them, whose work is in a step's value.
  std::vector<std::string> layers_of(const std::string& step) const;
};

/// One error at the step to blame, with what is known as notes.
void tell(const Verdict& verdict, const NetworkSpec& spec, const Findings& findings, Diagnostics& failures);
/// The changes that belong to no step which was told, in one note each; at most ten.
void tell_rest(const std::vector<Verdict>& verdicts, const Findings& findings, Diagnostics& failures);

nlohmann::ordered_json to_json(const Verdict& verdict, const NetworkSpec& spec, const Findings& findings,
                               const Sources& sources);

}  // namespace deeper
