// One file that appears whole or not at all.
#pragma once
#include <string>
#include <string_view>

namespace deeper {

/// Writes beside `path` under a temporary name, syncs, renames. The reason of a failure, empty when done.
std::string replace_file(const std::string& path, std::string_view bytes);

}  // namespace deeper
