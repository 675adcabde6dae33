#include "codegen/compile/output_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "codegen/compile/files.h"
#include "codegen/compile/output_manifest.h"
#include "codegen/compile/place.h"
#include "codegen/compile/tree.h"
#include "codegen/compile/work_folder.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

// The first thing in `folder` that is not a folder and that `ours` does not name; a folder where there are no more than
// those.
std::string foreign_file(const std::string& folder, const std::set<std::string>& ours) {
  std::string first_file, first_folder;
  const std::string reason = walk(folder, [&](const std::string& name, bool is_folder) {
    if (is_folder && first_folder.empty()) first_folder = name + "/";
    if (!is_folder && !ours.contains(name)) first_file = name;
    return first_file.empty();
  });
  if (!first_file.empty() || !reason.empty()) return first_file.empty() ? reason : first_file;
  return ours.empty() ? first_folder : "";
}

// The root of a mounted file system, as containers are given folders.
bool is_mount(const std::string& folder) {
  struct statx info = {};
  return statx(AT_FDCWD, folder.c_str(), 0, STATX_TYPE, &info) == 0 &&
         (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

constexpr const char* aside_suffix = ".old";

// Swaps two folders in one step where the file system can, else in two with the old one put back on failure.
bool swap_folders(const std::string& a, const std::string& b) {
  if (renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return false;
  const std::string aside = a + aside_suffix;
  if (rename(b.c_str(), aside.c_str()) != 0) return false;
  if (rename(a.c_str(), b.c_str()) == 0) return rename(aside.c_str(), a.c_str()) == 0;
  const int error = errno;
  (void)rename(aside.c_str(), b.c_str());
  errno = error;
  return false;
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
  const OutputManifest manifest = read_manifest(folder);
  const std::string foreign = foreign_file(folder, manifest.files);
  if (manifest.files.empty())
    return fmt::format("it holds what deeper did not write ({}), and no manifest.json of deeper's", foreign);
  if (!foreign.empty()) return fmt::format("it holds a file that deeper did not write ({})", foreign);
  const std::string changed = changed_source(folder, manifest);
  return changed.empty() ? "" : fmt::format("its {} was changed since deeper wrote it", changed);
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
  if (make_parents(diagnostics)) make_work_folder(diagnostics);
}

void OutputFolder::make_work_folder(Diagnostics& diagnostics) {
  const std::string parent = folder_of(target_);
  remove_abandoned(parent);
  work_ = deeper::make_work_folder(parent, lock_, marker_);
  if (ready()) path_ = work_ + "/" + work_output;
  if (!ready()) diagnostics.error("output-folder", {}, fmt::format("cannot create {}: {}", given_, strerror(errno)));
}

void OutputFolder::announce(const std::string& name) { (void)write_all(marker_, name + "\n"); }

std::string OutputFolder::write(const std::string& name, std::string_view bytes) {
  announce(name);
  return write_file(path_ + "/" + name, bytes);
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
  if (ready() && swapped_) {
    // What came into the old folder at the last moment is nobody's to remove: then all of it stays where it is now.
    const OutputManifest old = read_manifest(path_);
    if (!remove_ours(path_, [&](const std::string& name) { return old.files.contains(name); })) work_.clear();
  }
  std::error_code ignored;
  const bool aside = ready() && fs::exists(path_ + aside_suffix, ignored);  // an old folder that could not be put back
  if (ready() && !aside) fs::remove_all(work_, ignored);
  for (const int file : {marker_, lock_})
    if (file >= 0) close(file);
  for (auto at = parents_.rbegin(); at != parents_.rend(); ++at) rmdir(at->c_str());  // those still empty
}

bool OutputFolder::commit(Diagnostics& diagnostics) {
  std::string reason = sync_tree(path_);
  if (reason.empty()) reason = refusal(target_);  // it may have changed since we looked
  if (!reason.empty()) {
    diagnostics.error("output-folder", {}, fmt::format("{} is not written: {}", given_, reason));
    return false;
  }
  struct stat info = {};
  const bool there = lstat(target_.c_str(), &info) == 0;
  const bool done = there ? swap_folders(path_, target_) : rename(path_.c_str(), target_.c_str()) == 0;
  if (!done) {
    diagnostics.error("output-folder", {}, fmt::format("cannot put {} in place: {}", given_, strerror(errno)));
    return false;
  }
  swapped_ = there;
  (void)sync_path(folder_of(target_));
  return true;
}

}  // namespace deeper
