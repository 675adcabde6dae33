// Names of a file -> paths of the network.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "dsl/spec.h"

namespace deeper {

/// The first rule that matches; the name itself when none does. `*` matches any characters, `/` too; of several stars,
/// earlier ones match as little as possible.
std::string renamed(std::string_view name, const std::vector<RenameRule>& rules);

}  // namespace deeper
