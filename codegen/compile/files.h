// Files as whole strings; the reason of a failure as the system words it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace deeper {

/// Null and `reason` when it cannot be read ("No such file or directory", "is a folder").
std::optional<std::string> read_file(const std::string& path, std::string& reason);

/// Writes all of it and syncs it to disk; the reason of a failure ("No space left on device", "File too large"), empty
/// when done.
std::string write_file(const std::string& path, std::string_view bytes);

/// Syncs every file below `folder`, and the folders; the reason of a failure, empty when done.
std::string sync_tree(const std::string& folder);

}  // namespace deeper
