#include "codegen/compile/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace deeper {
namespace {

constexpr int most_levels = 200;  // far more than any output has; a path could not name what is deeper

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

bool is_folder(const std::string& in, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat info = {};
  return lstat((in + "/" + entry.d_name).c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

using Visit = std::function<bool(const std::string& name, bool is_folder)>;

// False when `visit` has had enough or `reason` tells of a failure. `prefix` is "" or ends with a slash.
bool walk_level(const std::string& root, const std::string& prefix, int level, const Visit& visit,
                std::string& reason) {
  std::vector<FolderEntry> entries;
  reason = level > most_levels ? strerror(ENAMETOOLONG) : list_folder(root + "/" + prefix, entries);
  if (!reason.empty()) return false;
  std::sort(entries.begin(), entries.end(), [](const FolderEntry& a, const FolderEntry& b) {
    return a.is_folder != b.is_folder ? b.is_folder : a.name < b.name;
  });
  for (const FolderEntry& entry : entries) {
    const std::string name = prefix + entry.name;
    if (!visit(name, entry.is_folder)) return false;
    if (entry.is_folder && !walk_level(root, name + "/", level + 1, visit, reason)) return false;
  }
  return true;
}

}  // namespace

std::string list_folder(const std::string& folder, std::vector<FolderEntry>& entries) {
  const int file = open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  const std::unique_ptr<DIR, CloseFolder> in(file >= 0 ? fdopendir(file) : nullptr);
  if (!in) {
    const int error = errno;
    if (file >= 0) close(file);
    return strerror(error);
  }
  errno = 0;
  while (const dirent* entry = readdir(in.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({name, is_folder(folder, *entry)});
    errno = 0;
  }
  if (errno != 0) return strerror(errno);
  std::sort(entries.begin(), entries.end(), [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return "";
}

std::string walk(const std::string& folder, const Visit& visit) {
  std::string reason;
  walk_level(folder, "", 0, visit, reason);
  return reason;
}

std::vector<std::string> files_below(const std::string& folder, std::string& reason) {
  std::vector<std::string> files;
  reason = walk(folder, [&](const std::string& name, bool is_folder) {
    if (!is_folder) files.push_back(name);
    return true;
  });
  std::sort(files.begin(), files.end());
  return files;
}

bool remove_ours(const std::string& folder, const std::function<bool(const std::string& name)>& ours) {
  std::vector<std::string> files, folders;
  bool all_ours = true;
  const std::string reason = walk(folder, [&](const std::string& name, bool is_folder) {
    (is_folder ? folders : files).push_back(name);
    return all_ours = is_folder || ours(name);
  });
  if (!all_ours || !reason.empty()) return false;
  const std::string inside = folder + "/";
  for (const std::string& file : files) unlink(std::string(inside).append(file).c_str());
  for (auto at = folders.rbegin(); at != folders.rend(); ++at) rmdir(std::string(inside).append(*at).c_str());
  return rmdir(folder.c_str()) == 0;
}

}  // namespace deeper
