// Names of a file -> paths of the network.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "dsl/spec.h"

namespace deeper {

struct Renamed {
  std::string path;
  std::vector<size_t> rules;  ///< those that made it, in order; empty: none matched, and the name stays
};

/// By the first rule that matches, and by those below it while they say `more`. `*` matches any characters, `/` too; of
/// several stars, earlier ones match as little as possible.
Renamed renamed(std::string_view name, const std::vector<RenameRule>& rules);

/// Whether the whole of `name` is what the pattern describes.
bool matches(std::string_view name, std::string_view pattern);

}  // namespace deeper
