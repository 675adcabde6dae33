// Where a path that a user wrote leads to.
#pragma once
#include <string>

namespace deeper {

/// Absolute, without dots, with all links followed, a last one that leads nowhere too: what is made there appears where
/// the link points. Nothing has to be there yet. Empty and `reason` when that cannot be told ("Too many levels of
/// symbolic links"; the working folder is gone).
std::string real_place(const std::string& path, std::string& reason);

/// The folder that a place is in: "/" for "/name".
std::string folder_of(const std::string& place);

}  // namespace deeper
