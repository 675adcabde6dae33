#include "codegen/compile/replace_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "codegen/compile/files.h"

namespace deeper {

std::string replace_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = fmt::format("{}.{}.part", path, getpid());
  std::string reason = write_file(temporary, bytes);
  if (reason.empty() && rename(temporary.c_str(), path.c_str()) != 0) reason = strerror(errno);
  if (!reason.empty()) unlink(temporary.c_str());
  return reason;
}

}  // namespace deeper
