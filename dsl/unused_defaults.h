// `defaults:` that no layer takes.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "dsl/load.h"

namespace deeper {

/// Warns of every entry of `defaults` without a layer of its word in `root` or a reachable block. It goes by the text,
/// so that a block which another `--set` would choose counts too. Silent where there are errors: they may be the
/// reason.
void report_unused_defaults(const YamlNode& root, const std::set<std::string, std::less<>>& reachable,
                            const Blocks& blocks, Diagnostics& diagnostics);

}  // namespace deeper
