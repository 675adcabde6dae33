#include "codegen/compile/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "codegen/compile/files.h"
#include "codegen/compile/place.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

// What the manifest in `folder` says we wrote; empty when there is no manifest of ours.
std::set<std::string> files_of_ours(const std::string& folder) {
  std::string reason;
  const auto text = read_file(folder + "/manifest.json", reason);
  if (!text) return {};
  const auto manifest = nlohmann::json::parse(*text, nullptr, false);
  if (!manifest.is_object() || !manifest.contains("deeper") || !manifest.contains("files")) return {};
  std::set<std::string> files = {"manifest.json"};
  for (const auto& file : manifest["files"])
    if (file.is_string()) files.insert(file.get<std::string>());
  return files;
}

// The first thing in `folder` that is not a folder and that `ours` does not name.
std::string foreign_file(const std::string& folder, const std::set<std::string>& ours) {
  std::error_code error;
  std::string first;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory(error) && !at->is_symlink(error)) continue;
    const std::string name = at->path().lexically_relative(folder).string();
    if (!ours.contains(name) && (first.empty() || name < first)) first = name;
  }
  return error && first.empty() ? error.message() : first;
}

// The root of a mounted file system, as containers are given folders.
bool is_mount(const std::string& folder) {
  struct statx info = {};
  return statx(AT_FDCWD, folder.c_str(), 0, STATX_TYPE, &info) == 0 &&
         (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

// Swaps two folders in one step where the file system can, else in two with the old one put back on failure.
bool swap_folders(const std::string& a, const std::string& b) {
  if (renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return false;
  const std::string aside = a + ".old";
  if (rename(b.c_str(), aside.c_str()) != 0) return false;
  if (rename(a.c_str(), b.c_str()) == 0) return rename(aside.c_str(), a.c_str()) == 0;
  const int error = errno;
  (void)rename(aside.c_str(), b.c_str());
  errno = error;
  return false;
}

// Temporary folders are locked by whoever writes them: a lock that is free tells of one whose writer was killed.
constexpr std::string_view temporary_prefix = ".deeper-";
constexpr int already_gone = -2, not_lockable = -1;

// The descriptor that holds the lock; `already_gone` when another process took the folder for an abandoned one.
int lock_folder(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (file < 0) return already_gone;
  struct stat ours = {}, there = {};
  const bool locked = flock(file, LOCK_EX | LOCK_NB) == 0;
  if (locked && fstat(file, &ours) == 0 && stat(folder.c_str(), &there) == 0 && ours.st_ino == there.st_ino)
    return file;
  const bool busy = errno == EWOULDBLOCK || locked;
  close(file);
  return busy ? already_gone
              : not_lockable;  // some file systems have no locks: nothing is ever taken for abandoned there
}

// What killed builds left beside a target.
void remove_abandoned(const std::string& parent) {
  std::error_code error;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(temporary_prefix) ||
        name.find_first_not_of("0123456789-", temporary_prefix.size()) != std::string::npos)
      continue;
    const int file = open(at->path().c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
    if (file < 0) continue;
    std::error_code ignored;
    if (flock(file, LOCK_EX | LOCK_NB) == 0) fs::remove_all(at->path(), ignored);
    close(file);
  }
}

}  // namespace

std::string refusal(const std::string& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return "";
  if (error) return error.message();
  if (!fs::is_directory(status)) return "it is a file";
  if (fs::equivalent(folder, fs::current_path(error), error)) return "it is the current folder";
  if (is_mount(folder)) return "another file system is mounted there, which no rename can replace";
  if (fs::is_empty(folder, error) && !error) return "";
  if (error) return error.message();
  const std::set<std::string> ours = files_of_ours(folder);
  const std::string foreign = foreign_file(folder, ours);
  if (ours.empty())
    return fmt::format("it holds files that deeper did not write ({}), and no manifest.json of deeper's", foreign);
  if (!foreign.empty()) return fmt::format("it holds a file that deeper did not write ({})", foreign);
  return "";
}

OutputFolder::OutputFolder(const std::string& target, Diagnostics& diagnostics) : given_(target) {
  std::string reason;
  target_ = real_place(target, reason);
  if (target_.empty()) {
    diagnostics.error("output-folder", {}, fmt::format("cannot create {}: {}", given_, reason));
    return;
  }
  if (reason = refusal(target_); !reason.empty()) {
    diagnostics.error("output-folder", {}, fmt::format("{} is not replaced: {}", given_, reason)).help =
        "name another folder with -o";
    return;
  }
  if (make_parents(diagnostics)) make_temporary(diagnostics);
}

void OutputFolder::make_temporary(Diagnostics& diagnostics) {
  const std::string parent = folder_of(target_);
  remove_abandoned(parent);
  for (int i = 0; i < 1000 && !ready(); ++i) {
    const std::string name = (fs::path(parent) / fmt::format("{}{}-{}", temporary_prefix, getpid(), i)).string();
    if (mkdir(name.c_str(), 0777) != 0) {
      if (errno == EEXIST) continue;
      break;
    }
    lock_ = lock_folder(name);
    if (lock_ != already_gone) temporary_ = name;
  }
  if (!ready()) diagnostics.error("output-folder", {}, fmt::format("cannot create {}: {}", given_, strerror(errno)));
}

bool OutputFolder::make_parents(Diagnostics& diagnostics) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path at = folder_of(target_); !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
    if (error && error != std::errc::no_such_file_or_directory) break;
    missing.push_back(at);
  }
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    if (mkdir(at->c_str(), 0777) == 0) {
      parents_.push_back(at->string());
    } else if (errno != EEXIST) {
      diagnostics.error("output-folder", {}, fmt::format("cannot create {}: {}", given_, strerror(errno)));
      return false;
    }
  }
  return true;
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  if (ready()) fs::remove_all(temporary_, ignored);
  if (lock_ >= 0) close(lock_);
  for (auto at = parents_.rbegin(); at != parents_.rend(); ++at) rmdir(at->c_str());  // those still empty
}

bool OutputFolder::commit(bool keep, Diagnostics& diagnostics) {
  std::string reason = sync_tree(temporary_);
  if (reason.empty()) reason = refusal(target_);  // it may have changed since we looked
  if (!reason.empty()) {
    diagnostics.error("output-folder", {}, fmt::format("{} is not written: {}", given_, reason));
    return false;
  }
  struct stat info = {};
  const bool there = lstat(target_.c_str(), &info) == 0;
  if (there && keep && access((target_ + "/manifest.json").c_str(), F_OK) == 0) return true;
  const bool done = there ? swap_folders(temporary_, target_) : rename(temporary_.c_str(), target_.c_str()) == 0;
  if (!done) {
    diagnostics.error("output-folder", {}, fmt::format("cannot put {} in place: {}", given_, strerror(errno)));
    return false;
  }
  if (!there) temporary_.clear();  // else it now names the old folder, which our end removes
  const int parent = open(folder_of(target_).c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (parent >= 0) {
    (void)fsync(parent);
    close(parent);
  }
  return true;
}

}  // namespace deeper
