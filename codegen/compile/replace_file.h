// One file that appears whole or not at all. Every command that writes a file of its user's does so here.
#pragma once
#include <string>
#include <string_view>

namespace deeper {

/// Writes beside `path` under a name that nobody can guess, syncs, renames. A link is followed: its target is replaced,
/// or made where there is none. The mode of a file that is there is kept, as far as the system lets us its owner too;
/// one that we may not write is not replaced. What is no regular file (a device, a pipe) and our own standard output
/// are written as they are. The reason of a failure, empty when done; then, and after a signal, nothing is left beside
/// it.
std::string replace_file(const std::string& path, std::string_view bytes);

}  // namespace deeper
