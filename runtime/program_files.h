// Files of the program: read whole, written whole or not at all.
#pragma once
#include <stdint.h>
#include <stdio.h>

#include "runtime/buffer.h"
#include "runtime/program_problem.h"

namespace rt::inline RT_ABI {

/// A file's bytes; "-" is standard input. At most 1 GiB.
bool read_file(const char* path, Buffer<char>& bytes, Problem& problem);

/// Puts a zero behind a text, within its size. False: no memory.
bool terminate(Buffer<char>& text);

/// A file under a temporary name beside its own, renamed when it is complete. What is no regular file (a pipe, a
/// device) is written directly.
class OutFile {
 public:
  OutFile() = default;
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;
  ~OutFile();

  /// `path` must stay where it is.
  bool open(const char* path, Problem& problem);
  bool write(const void* bytes, size_t size, Problem& problem);
  /// At another place, for instance a header that is known at the end only. Afterwards the file is at that place's end.
  bool seek(int64_t offset, Problem& problem);
  /// On disk, under its name. Without this the file disappears.
  bool commit(Problem& problem);
  const char* path() const { return path_; }

 private:
  bool open_temporary(Problem& problem);
  void drop_temporary();

  const char* path_ = nullptr;
  char* resolved_ = nullptr;   ///< `path_` without links; null: no such file yet
  char* temporary_ = nullptr;  ///< null: none
  FILE* file_ = nullptr;
};

}  // namespace rt::inline RT_ABI
