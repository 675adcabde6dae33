#include "codegen/compile/replace_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "codegen/compile/files.h"
#include "codegen/compile/interrupt.h"
#include "codegen/compile/place.h"

namespace deeper {
namespace {

// Standard output or error under another name, as /dev/stdout is; -1 = neither. Opened anew, a file would be written
// from its beginning, and a socket not at all.
int same_as_ours(const struct stat& info) {
  for (const int file : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat ours = {};
    if (fstat(file, &ours) == 0 && ours.st_dev == info.st_dev && ours.st_ino == info.st_ino) return file;
  }
  return -1;
}

std::string write_device(const std::string& path, std::string_view bytes) {
  FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (file.number < 0) return strerror(errno);
  const std::string reason = write_all(file.number, bytes);
  return reason.empty() ? file.close_it() : reason;
}

// All of `bytes`, with the mode and, where we may, the owner of the file that it replaces.
std::string fill(FileDescriptor& file, const struct stat* old, std::string_view bytes) {
  if (old != nullptr) {
    const bool given = fchown(file.number, old->st_uid, old->st_gid) == 0;
    if (fchmod(file.number, old->st_mode & (given ? 07777 : 0777)) != 0) return strerror(errno);
  }
  if (std::string reason = write_all(file.number, bytes); !reason.empty()) return reason;
  if (fsync(file.number) != 0 && errno != EINVAL) return strerror(errno);
  return file.close_it();
}

std::string replace_regular(const std::string& place, const struct stat* old, std::string_view bytes) {
  if (old != nullptr && access(place.c_str(), W_OK) != 0) return strerror(errno);
  const InterruptGuard guard;
  const std::string folder = folder_of(place);
  std::string temporary;
  FileDescriptor file(-1);
  for (int i = 0; i < 10 && file.number < 0 && (i == 0 || errno == EEXIST); ++i) {
    temporary = fmt::format("{}/.deeper-{}.part", folder == "/" ? "" : folder, random_name());
    file.number = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  }
  if (file.number < 0) return strerror(errno);
  std::string reason = fill(file, old, bytes);
  if (reason.empty() && pending_interrupt() != 0) reason = "interrupted";
  if (reason.empty() && rename(temporary.c_str(), place.c_str()) != 0) reason = strerror(errno);
  if (!reason.empty()) {
    unlink(temporary.c_str());
  } else {
    (void)sync_path(folder);
  }
  return reason;
}

}  // namespace

std::string replace_file(const std::string& path, std::string_view bytes) {
  struct stat info = {};
  const bool there = stat(path.c_str(), &info) == 0;
  if (!there && errno != ENOENT) return strerror(errno);
  if (there ? S_ISDIR(info.st_mode) : path.ends_with('/')) return strerror(EISDIR);
  if (const int ours = there ? same_as_ours(info) : -1; ours >= 0) return write_all(ours, bytes);
  if (there && !S_ISREG(info.st_mode)) return write_device(path, bytes);
  std::string reason;
  const std::string place = real_place(path, reason);
  return place.empty() ? reason : replace_regular(place, there ? &info : nullptr, bytes);
}

}  // namespace deeper
