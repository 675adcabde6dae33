#include "codegen/compile/work_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "codegen/compile/files.h"
#include "codegen/compile/output_manifest.h"
#include "codegen/compile/tree.h"

namespace deeper {
namespace {

constexpr int most_tries = 100;

// Names the folder itself, so that a copy elsewhere marks nothing.
std::string heading(const struct stat& folder) {
  return fmt::format(
      "A build of deeper's runs here, or was killed: then the next one beside this folder removes it.\nfolder {}:{}\n",
      uint64_t(folder.st_dev), uint64_t(folder.st_ino));
}

// Ours, regular, a single name: what a link could lead to is not read.
std::string marker_text(const std::string& folder) {
  const std::string path = folder + "/" + work_marker;
  struct stat info = {};
  std::string reason;
  if (lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid() || info.st_nlink != 1)
    return "";
  return read_file(path, reason).value_or("");
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

void remove_if_abandoned(const std::string& folder) {
  const FileDescriptor file(open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW));
  struct stat info = {};
  if (file.number < 0 || fstat(file.number, &info) != 0 || info.st_uid != geteuid()) return;
  const std::string first = heading(info);
  // The marker before the lock: who has just made the folder must find it free.
  if (!marker_text(folder).starts_with(first) || flock(file.number, LOCK_EX | LOCK_NB) != 0) return;
  const std::set<std::string> written = lines_of(marker_text(folder).substr(first.size()));
  const OutputManifest replaced = read_manifest(folder + "/" + work_output);
  const std::string inside = std::string(work_output) + "/";
  remove_ours(folder, [&](const std::string& name) {
    if (name == work_marker) return true;
    return name.starts_with(inside) &&
           (is_one_of(written, name.substr(inside.size())) || replaced.files.contains(name.substr(inside.size())));
  });
}

// False and errno when it cannot.
bool fill_work_folder(const std::string& folder, int& lock, int& marker) {
  struct stat info = {};
  lock = open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
  if (lock < 0 || fstat(lock, &info) != 0) return false;
  (void)flock(lock, LOCK_EX | LOCK_NB);  // some file systems have no locks: nothing is taken for abandoned there
  marker = openat(lock, work_marker, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0600);
  return marker >= 0 && write_all(marker, heading(info)).empty() && mkdirat(lock, work_output, 0777) == 0;
}

}  // namespace

bool is_one_of(const std::set<std::string>& names, const std::string& name) {
  if (names.contains(name)) return true;
  if (name.ends_with(".su")) return names.contains(name.substr(0, name.size() - 2) + "o");  // stack usage
  for (const std::string_view mark : {".tmp", ".temp-archive-"})  // lld's, llvm-ar's: NAME.tmp1a2b3c4
    if (const size_t at = name.rfind(mark); at != std::string::npos && names.contains(name.substr(0, at))) return true;
  const size_t dash = name.rfind('-');  // clang's: NAME-1a2b3c4d.o.tmp
  return name.ends_with(".o.tmp") && dash != std::string::npos && names.contains(name.substr(0, dash) + ".o");
}

std::string make_work_folder(const std::string& parent, int& lock, int& marker) {
  std::string name;
  errno = EEXIST;
  for (int i = 0; i < most_tries && errno == EEXIST; ++i) {
    name = (parent == "/" ? "" : parent) + "/" + work_prefix + random_name();
    if (mkdir(name.c_str(), 0777) != 0) continue;
    if (fill_work_folder(name, lock, marker)) return name;
    const int error = errno;
    unlink((name + "/" + work_marker).c_str());
    rmdir(name.c_str());
    errno = error;
    return "";
  }
  return "";
}

void remove_abandoned(const std::string& parent) {
  std::vector<FolderEntry> entries;
  if (!list_folder(parent, entries).empty()) return;
  for (const FolderEntry& entry : entries)
    if (entry.is_folder && entry.name.starts_with(work_prefix)) remove_if_abandoned(parent + "/" + entry.name);
}

}  // namespace deeper
