// What came of one golden: run, compared, the first steps that differ found.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codegen/cli/cache.h"
#include "codegen/cli/golden_compare.h"
#include "codegen/compile/golden_file.h"

namespace deeper {

/// The most likely class of a head that is no longer the recorded one.
struct OtherTop1 {
  std::string head;
  int64_t now = 0, then = 0;
};

struct Verdict {
  std::string input;
  bool ok = true;
  bool of_reference = false;  ///< compared with another engine's values
  double tolerance = 0;
  double largest = 0;
  std::string head;            ///< whose largest difference that is: "main", "main.logits"; empty: no head was recorded
  bool values_differ = false;  ///< a head's or a reference's by more than allowed; false: only `other_top1`
  std::optional<OtherTop1> other_top1;
  FirstSteps first;
  std::string hint;  ///< how the values of the first step differ, where both are at hand
  std::optional<int64_t> top1;

  /// The step to blame; null where none differs.
  const StepPair* step() const { return first.bits ? &*first.bits : first.beyond ? &*first.beyond : nullptr; }
};

/// `folder`: of the goldens file. `added`: layers that the network did not have when it was recorded. Null and
/// diagnostics when nothing can be said.
std::optional<Verdict> check_golden(const CachedProgram& program, const Golden& golden, const std::string& folder,
                                    const std::set<std::string>& added, Diagnostics& diagnostics);

}  // namespace deeper
