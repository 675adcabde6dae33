// Files written as whole strings; the reason of a failure as the system words it. Reading: dsl/read_file.h.
#pragma once
#include <sys/types.h>

#include <string>
#include <string_view>

#include "dsl/read_file.h"

namespace deeper {

/// Closes its file.
struct FileDescriptor {
  explicit FileDescriptor(int number) : number(number) {}
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  /// The reason of a failure, empty when done.
  std::string close_it();

  int number;  ///< below 0: none
};

/// Writes all of it.
std::string write_all(int file, std::string_view bytes);

/// A new file, never through a link nor over what is there; all of `bytes`, synced to disk. The reason of a failure
/// ("No space left on device", "File too large"), empty when done.
std::string write_file(const std::string& path, std::string_view bytes);

/// 16 characters that nobody can guess, for names of temporary files.
std::string random_name();

/// Syncs a file or folder to disk; links are passed over.
std::string sync_path(const std::string& path);

/// Syncs every file below `folder`, and the folders; the reason of a failure, empty when done.
std::string sync_tree(const std::string& folder);

}  // namespace deeper
