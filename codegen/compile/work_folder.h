// Temporary folders that a killed process leaves behind: how they are told from everybody else's.
//
//   .deeper-build-RANDOM/         locked (flock) by the process that writes it
//     deeper-build                the marker: the first thing made; says which folder it marks, and lists what is
//     written output/                     becomes the target; after the swap what was there before
#pragma once
#include <set>
#include <string>

namespace deeper {

inline constexpr const char* work_prefix = ".deeper-build-";
inline constexpr const char* work_marker = "deeper-build";
inline constexpr const char* work_output = "output";

/// Makes one in `parent`: its path, the descriptors of its lock (-1 where the file system has none) and its marker.
/// Empty and errno when it cannot.
std::string make_work_folder(const std::string& parent, int& lock, int& marker);

/// Removes what killed builds left in `parent`: folders of that name, our user's, that nobody locks, whose marker was
/// made in them and not copied there, with nothing but what the marker lists or an output's manifest names. One file
/// more, and all of it stays.
void remove_abandoned(const std::string& parent);

/// Is `name`, relative to an output's folder, one of `names`, or what a compiler or linker makes on its way to one?
bool is_one_of(const std::set<std::string>& names, const std::string& name);

}  // namespace deeper
