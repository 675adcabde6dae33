// Rename rules that make a file's names the network's paths, few where names are regular.
#pragma once
#include <string>
#include <vector>

#include "codegen/weights/misfits.h"
#include "codegen/weights/pair.h"

namespace deeper {

struct Suggestion {
  std::vector<RenameRule> rename;
  std::vector<std::string> ignore;  ///< patterns for what is left over
};

/// Rules under which every pair's name becomes its path, and no other name any path of the network. Checked before it
/// is given: where shorter rules would not do, there is one for each name.
Suggestion suggest_rules(const Pairing& pairing, const NetworkSpec& spec, const WeightStore& store);

/// The `weights:` section as YAML, with comments where a rule is a guess and where something is missing.
std::string suggestion_text(const Suggestion& suggestion, const Pairing& pairing, const FileAndNetwork& all);

/// "missing: ..." or "ambiguous: ...", with the names of the file that have its shape.
std::string missing_text(const WeightBinding& binding, const Pairing& pairing, const FileAndNetwork& all);

}  // namespace deeper
