#include "runtime/program_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/program_temporary.h"

namespace rt::inline RT_ABI {
namespace {

constexpr size_t most_bytes = size_t{1} << 30;

/// Everything from a descriptor; a first size from what the system says about it.
bool read_all(int file, const char* path, Buffer<char>& bytes, Problem& problem) {
  struct stat about;
  const bool sized = fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
  if (sized && static_cast<size_t>(about.st_size) > most_bytes) return system_problem(problem, path, EFBIG);
  size_t filled = 0;
  bool memory = bytes.resize(sized ? static_cast<size_t>(about.st_size) + 1 : 65536);
  while (memory) {
    if (filled == bytes.size()) {
      if (filled >= most_bytes) return system_problem(problem, path, EFBIG);
      memory = bytes.resize(2 * filled);
      continue;
    }
    const ssize_t count = read(file, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_problem(problem, path, errno);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  return (memory && bytes.resize(filled)) || system_problem(problem, path, ENOMEM);
}

}  // namespace

bool read_file(const char* path, Buffer<char>& bytes, Problem& problem) {
  if (strcmp(path, "-") == 0) return read_all(STDIN_FILENO, path, bytes, problem);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return system_problem(problem, path, errno);
  const bool fine = read_all(file, path, bytes, problem);
  close(file);
  return fine;
}

bool terminate(Buffer<char>& text) {
  const size_t end = text.size();
  if (end > most_bytes || !text.resize(end + 1)) return false;
  text[end] = 0;
  return true;
}

OutFile::~OutFile() {
  if (file_ != nullptr) fclose(file_);
  if (temporary_ != nullptr) unlink(temporary_);
  drop_temporary();
  free(resolved_);
}

void OutFile::drop_temporary() {
  forget_temporary(temporary_);
  free(temporary_);
  temporary_ = nullptr;
}

/// Under a name that nothing has, beside the file.
bool OutFile::open_temporary(Problem& problem) {
  constexpr int most_names = 100;
  constexpr size_t more = 64;
  if (resolved_ == nullptr) resolved_ = realpath(path_, nullptr);  // the file behind a link is replaced, not the link
  const char* target = resolved_ == nullptr ? path_ : resolved_;
  const size_t size = strlen(target) + more;
  temporary_ = static_cast<char*>(malloc(size));
  if (temporary_ == nullptr) return system_problem(problem, path_, ENOMEM);
  const SignalPause pause;
  for (int number = 0; number < most_names; ++number) {
    snprintf(temporary_, size, "%s.part%ld-%d", target, static_cast<long>(getpid()), number);
    file_ = fopen(temporary_, "wxe");
    if (file_ != nullptr || errno != EEXIST) break;
  }
  if (file_ != nullptr && remember_temporary(temporary_)) return true;
  const int error = file_ == nullptr ? errno : EMFILE;
  if (file_ != nullptr) unlink(temporary_);
  free(temporary_);  // not ours
  temporary_ = nullptr;
  return system_problem(problem, path_, error);
}

bool OutFile::open(const char* path, Problem& problem) {
  path_ = path;
  struct stat about;
  const bool exists = stat(path, &about) == 0;
  if (!exists && lstat(path, &about) == 0) return system_problem(problem, path, ENOENT);  // a link to nothing
  if (exists && !S_ISREG(about.st_mode)) {
    file_ = S_ISDIR(about.st_mode) ? nullptr : fopen(path, "we");
    return file_ != nullptr || system_problem(problem, path, S_ISDIR(about.st_mode) ? EISDIR : errno);
  }
  return open_temporary(problem);
}

bool OutFile::write(const void* bytes, size_t size, Problem& problem) {
  return fwrite(bytes, 1, size, file_) == size || system_problem(problem, path_, errno);
}

bool OutFile::seek(int64_t offset, Problem& problem) {
  return fseeko(file_, offset, SEEK_SET) == 0 || system_problem(problem, path_, errno);
}

bool OutFile::commit(Problem& problem) {
  const bool ours = temporary_ != nullptr;
  bool fine = fflush(file_) == 0 && (!ours || fsync(fileno(file_)) == 0);
  const int error = errno;
  const bool closed = fclose(file_) == 0;
  file_ = nullptr;
  if (!fine) return system_problem(problem, path_, error);
  fine = closed && (!ours || rename(temporary_, resolved_ == nullptr ? path_ : resolved_) == 0);
  if (!fine) return system_problem(problem, path_, errno);
  drop_temporary();
  return true;
}

}  // namespace rt::inline RT_ABI
