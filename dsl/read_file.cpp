#include "dsl/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "dsl/load.h"
#include "dsl/text.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

struct OpenFile {
  explicit OpenFile(const std::string& path)
      : number(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~OpenFile() {
    if (number >= 0) close(number);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int number;
};

// What is wrong with the file, before it is read; empty = nothing.
std::string unfit(const OpenFile& file, struct stat& info, uint64_t most_bytes) {
  if (file.number < 0) return errno == ENXIO || errno == EWOULDBLOCK ? "is not a regular file" : strerror(errno);
  if (fstat(file.number, &info) != 0) return strerror(errno);
  if (S_ISDIR(info.st_mode)) return "is a folder";
  if (!S_ISREG(info.st_mode)) return "is not a regular file";
  return uint64_t(info.st_size) > most_bytes ? fmt::format("has more than {} bytes", most_bytes) : "";
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::string& reason, uint64_t most_bytes) {
  const OpenFile file(path);
  struct stat info = {};
  reason = unfit(file, info, most_bytes);
  if (!reason.empty()) return std::nullopt;
  std::string text(size_t(info.st_size) + 1, '\0');  // one more shows the end, or that the file grows
  size_t have = 0;
  while (true) {
    if (have == text.size()) text.resize(std::max<size_t>(2 * text.size(), 4096));  // files of /proc have no size
    const ssize_t got = read(file.number, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) reason = strerror(errno);
    if (got > 0) have += size_t(got);
    if (have > most_bytes) reason = fmt::format("has more than {} bytes", most_bytes);
    if (!reason.empty()) return std::nullopt;
    if (got == 0) break;
  }
  text.resize(have);
  return text;
}

fs::path canonical_path(const fs::path& path, std::error_code& error) {
  const fs::path whole = fs::absolute(path, error);
  return error ? fs::path() : fs::weakly_canonical(whole, error);
}

std::string path_within(const std::string& from, const std::string& name, std::string& complaint,
                        const std::string& root) {
  complaint.clear();
  if (name.find('\0') != std::string::npos) complaint = "a file name without NUL characters is wanted";
  if (fs::path(name).is_absolute()) complaint = fmt::format("{} is an absolute path", ticked(name));
  if (!complaint.empty()) return "";
  std::string path = beside(from, name);
  std::error_code wrong_folder, wrong_file;
  const fs::path folder = canonical_path(beside(root.empty() ? from : root, "."), wrong_folder);
  const fs::path target = canonical_path(path, wrong_file);
  if (!wrong_folder && !wrong_file && is_below(target, folder.has_filename() ? folder : folder.parent_path()))
    return path;
  complaint = fmt::format("{} leaves the folder of {}", ticked(name), root.empty() ? "this file" : printable(root));
  return "";
}

}  // namespace deeper
