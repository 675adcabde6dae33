#include "codegen/compile/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace deeper {
namespace {

// Closes its file.
struct File {
  explicit File(int number) : number(number) {}
  ~File() {
    if (number >= 0) close(number);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number;
};

std::string sync_path(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.number < 0) return errno == ELOOP ? "" : strerror(errno);
  return fsync(file.number) == 0 || errno == EINVAL ? "" : strerror(errno);
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::string& reason) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info = {};
  if (file.number < 0 || fstat(file.number, &info) != 0) {
    reason = strerror(errno);
    return std::nullopt;
  }
  if (S_ISDIR(info.st_mode)) {
    reason = "is a folder";
    return std::nullopt;
  }
  std::string text(size_t(info.st_size), '\0');
  size_t have = 0;
  while (true) {
    if (have == text.size()) text.resize(text.size() + 4096);
    const ssize_t got = read(file.number, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      reason = strerror(errno);
      return std::nullopt;
    }
    if (got == 0) break;
    have += size_t(got);
  }
  text.resize(have);
  return text;
}

std::string write_file(const std::string& path, std::string_view bytes) {
  File file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.number < 0) return strerror(errno);
  while (!bytes.empty()) {
    const ssize_t put = write(file.number, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return strerror(errno);
    bytes.remove_prefix(size_t(put));
  }
  if (fsync(file.number) != 0 && errno != EINVAL) return strerror(errno);
  const int closed = close(file.number);
  file.number = -1;
  return closed == 0 ? "" : strerror(errno);
}

std::string sync_tree(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (std::string reason = sync_path(at->path().string()); !reason.empty()) return reason;
  return error ? error.message() : sync_path(folder);
}

}  // namespace deeper
