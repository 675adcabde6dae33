// What is in a folder and below it, without exceptions of the standard library's iterators.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace deeper {

struct FolderEntry {
  std::string name;
  bool is_folder = false;  ///< a link to a folder is none
};

/// Sorted by name. The reason of a failure, empty when done.
std::string list_folder(const std::string& folder, std::vector<FolderEntry>& entries);

/// Calls `visit` with every entry below `folder`, its path relative to it, until that gives false: of each folder first
/// the files, then its folders, each in front of what it holds, all by name. The reason of a failure, empty when done.
std::string walk(const std::string& folder, const std::function<bool(const std::string& name, bool is_folder)>& visit);

/// Every file below `folder` (what is no folder), relative to it, sorted.
std::vector<std::string> files_below(const std::string& folder, std::string& reason);

/// Removes all files below `folder`, then folders, itself too, but only where `ours` says yes to each of its files.
/// False when something is left: one file that is not ours, and nothing is touched.
bool remove_ours(const std::string& folder, const std::function<bool(const std::string& name)>& ours);

}  // namespace deeper
