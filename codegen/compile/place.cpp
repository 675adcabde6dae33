#include "codegen/compile/place.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace deeper {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the system has it

}  // namespace

std::string real_place(const std::string& path, std::string& reason) {
  std::error_code error;
  // Made absolute first: the standard library leaves a relative path whose first part does not exist as it is.
  fs::path at = fs::absolute(path, error);
  if (error) {
    reason = "the current folder is gone, or may not be read: " + error.message();
    return "";
  }
  for (int i = 0; i < most_links; ++i) {
    at = fs::weakly_canonical(at, error);
    if (!error && !at.has_filename()) at = at.parent_path();
    const bool link = !error && fs::is_symlink(fs::symlink_status(at, error));
    const fs::path to = link ? fs::read_symlink(at, error) : fs::path();
    if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
      reason = error.message();
      return "";
    }
    if (!link) return at.string();
    at = at.parent_path() / to;
  }
  reason = strerror(ELOOP);
  return "";
}

std::string folder_of(const std::string& place) { return fs::path(place).parent_path().string(); }

}  // namespace deeper
