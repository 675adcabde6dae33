#include "codegen/compile/files.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "codegen/compile/tree.h"

namespace deeper {

FileDescriptor::~FileDescriptor() {
  if (number >= 0) close(number);
}

std::string FileDescriptor::close_it() {
  const int closed = close(number);
  number = -1;
  return closed == 0 ? "" : strerror(errno);
}

std::string write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return strerror(errno);
    bytes.remove_prefix(size_t(put));
  }
  return "";
}

std::string write_file(const std::string& path, std::string_view bytes) {
  FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (file.number < 0) return strerror(errno);
  if (std::string reason = write_all(file.number, bytes); !reason.empty()) return reason;
  if (fsync(file.number) != 0 && errno != EINVAL) return strerror(errno);
  return file.close_it();
}

std::string random_name() {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
  unsigned char bytes[16] = {};
  for (size_t have = 0; have < sizeof bytes;) {
    const ssize_t got = getrandom(bytes + have, sizeof bytes - have, 0);
    if (got > 0) have += size_t(got);
    if (got < 0 && errno != EINTR) break;  // no such call: the name can be guessed, but never overwrites anything
  }
  std::string name;
  for (const unsigned char byte : bytes) name += digits[byte % digits.size()];
  return name;
}

std::string sync_path(const std::string& path) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.number < 0) return errno == ELOOP ? "" : strerror(errno);
  return fsync(file.number) == 0 || errno == EINVAL ? "" : strerror(errno);
}

std::string sync_tree(const std::string& folder) {
  std::string failed;
  const std::string reason = walk(folder, [&](const std::string& name, bool) {
    failed = sync_path(folder + "/" + name);
    return failed.empty();
  });
  if (!failed.empty() || !reason.empty()) return failed.empty() ? reason : failed;
  return sync_path(folder);
}

}  // namespace deeper
