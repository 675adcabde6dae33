// The entries of the cache: found and checked, made whole, removed when nobody uses them.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "codegen/compile/cache_folder.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/version.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* list_name = "entry.json";
constexpr std::string_view unfinished = ".part-";  // in the making, locked by whoever makes it
constexpr int64_t unused_seconds = int64_t{30} * 24 * 3600;

enum class Lock { shared, exclusive };
constexpr int not_locked = -1;

// A descriptor of the folder that holds the lock; `not_locked` when it is not there, or somebody holds another lock. It
// stays open when we become another program, which then holds it. File systems without locks give one that holds none.
int lock_folder(const std::string& folder, Lock lock) {
  // NOLINTNEXTLINE(android-cloexec-open): see above
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (file < 0) return not_locked;
  struct stat ours = {}, there = {};
  const bool busy = flock(file, (lock == Lock::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (!busy && fstat(file, &ours) == 0 && lstat(folder.c_str(), &there) == 0 && ours.st_ino == there.st_ino)
    return file;
  close(file);
  return not_locked;
}

bool ours_alone(int file) {
  struct stat info = {};
  return fstat(file, &info) == 0 && info.st_uid == geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Json read_list(const std::string& folder) {
  std::string reason;
  const auto text = read_file(folder + "/" + list_name, reason);
  return text ? Json::parse(*text, nullptr, false) : Json();
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json list_of(const EntryTitle& title, const std::string& folder, std::string& reason) {
  Json files = Json::array();
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto bytes = read_file(at->path().string(), reason, most_weights_bytes);
    if (!bytes) return {};
    files.push_back(
        {{"name", at->path().filename().string()}, {"bytes", bytes->size()}, {"sha256", hex_sha256(*bytes)}});
  }
  return {{"deeper", 1},           {"tool", tool_version()}, {"kind", title.kind},
          {"network", title.name}, {"target", title.target}, {"files", files}};
}

// Each file that the list names is a regular one and has the bytes that were kept.
bool sound(const std::string& folder, const EntryTitle& title) {
  const Json list = read_list(folder);
  if (text_of(list, "kind") != title.kind || text_of(list, "network") != title.name) return false;
  if (!list.contains("files") || !list["files"].is_array() || list["files"].empty()) return false;
  return std::all_of(list["files"].begin(), list["files"].end(), [&](const Json& file) {
    const std::string name = text_of(file, "name"), path = folder + "/" + name;
    struct stat info = {};
    std::string reason;
    if (name.empty() || name.find('/') != std::string::npos) return false;
    if (lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid()) return false;
    if (!file.contains("bytes") || file["bytes"] != info.st_size) return false;
    const auto bytes = read_file(path, reason, most_weights_bytes);
    return bytes && hex_sha256(*bytes) == text_of(file, "sha256");
  });
}

// "NAME-KEY", or with ".weights" as earlier versions left them: nothing else in the folder is ever removed.
bool is_entry(std::string_view name) {
  if (name.ends_with(".weights")) name.remove_suffix(8);
  const size_t dash = name.rfind('-');
  return dash != std::string_view::npos && dash > 0 && name.size() - dash == 33 &&
         name.find_first_not_of("0123456789abcdef", dash + 1) == std::string_view::npos;
}

int64_t bytes_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return int64_t(fs::file_size(path, error));
  int64_t bytes = 0;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error)) bytes += int64_t(at->file_size(error));
  return bytes;
}

// False when somebody uses it.
bool remove_unused(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(path, error))) return fs::remove(path, error);
  const int lock = lock_folder(path, Lock::exclusive);
  if (lock == not_locked) return false;
  fs::remove(path + "/" + list_name, error);  // first: what is half removed is no entry
  const bool gone = fs::remove_all(path, error) > 0 && !error;
  close(lock);
  return gone;
}

void remove_unfinished(const std::string& root) {
  std::error_code error;
  std::vector<std::string> found;
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error))
    if (at->path().filename().string().starts_with(unfinished)) found.push_back(at->path().string());
  for (const std::string& path : found) (void)remove_unused(path);
}

// A folder in the making: locked, and gone at its end unless it was put in place.
class Unfinished {
 public:
  Unfinished(const std::string& root, std::string& reason) {
    for (int attempt = 0; attempt < 10 && lock_ == not_locked; ++attempt) {
      folder_ = fmt::format("{}/{}XXXXXX", root, unfinished);
      if (mkdtemp(folder_.data()) == nullptr) {
        reason = strerror(errno);
        return;
      }
      lock_ = lock_folder(folder_, Lock::shared);  // fails where somebody took it for a dead process's folder meanwhile
    }
    if (lock_ == not_locked) reason = "others remove what is made there";
  }
  ~Unfinished() {
    std::error_code ignored;
    if (lock_ == not_locked) return;
    fs::remove_all(folder_, ignored);
    close(lock_);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  bool ready() const { return lock_ != not_locked; }
  const std::string& folder() const { return folder_; }
  /// Null and errno when there is something already.
  std::optional<KeptEntry> put(const std::string& place) {
    if (rename(folder_.c_str(), place.c_str()) != 0) return std::nullopt;
    return KeptEntry(place, std::exchange(lock_, not_locked));
  }

 private:
  std::string folder_;
  int lock_ = not_locked;
};

}  // namespace

KeptEntry::~KeptEntry() {
  if (lock_ >= 0) close(lock_);
}

KeptEntry::KeptEntry(KeptEntry&& other) noexcept : folder_(std::move(other.folder_)), lock_(other.lock_) {
  other.lock_ = -1;
}

KeptEntry& KeptEntry::operator=(KeptEntry&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(lock_, other.lock_);
  return *this;
}

std::optional<KeptEntry> CacheFolder::find(const EntryTitle& title) const {
  const std::string folder = path_ + "/" + title.folder();
  const int lock = lock_folder(folder, Lock::shared);
  if (lock == not_locked) return std::nullopt;
  KeptEntry entry(folder, lock);
  if (!ours_alone(lock) || !sound(folder, title)) return std::nullopt;
  (void)futimens(lock, nullptr);  // used now
  return entry;
}

std::optional<KeptEntry> CacheFolder::keep(const EntryTitle& title, const std::function<bool(const std::string&)>& fill,
                                           std::string& reason) const {
  Unfinished made(path_, reason);
  if (!made.ready() || !fill(made.folder())) return std::nullopt;
  const Json list = list_of(title, made.folder(), reason);
  if (reason.empty()) reason = write_file(made.folder() + "/" + list_name, list.dump(2) + "\n");
  const std::string place = path_ + "/" + title.folder();
  for (int attempt = 0; attempt < 3 && reason.empty(); ++attempt) {
    auto kept = made.put(place);
    const int error = errno;
    if (!kept) kept = find(title);  // another process was faster
    if (kept) {
      trim(limit_);
      return kept;
    }
    if (!remove_unused(place)) reason = strerror(error);
  }
  return std::nullopt;
}

void CacheFolder::discard(const EntryTitle& title) const { (void)remove_unused(path_ + "/" + title.folder()); }

std::vector<CacheRow> CacheFolder::rows() const {
  std::vector<CacheRow> rows;
  std::error_code error;
  for (fs::directory_iterator at(path_, error), end; !error && at != end; at.increment(error)) {
    CacheRow row;
    row.folder = at->path().filename().string();
    struct stat info = {};
    if (!is_entry(row.folder) || lstat(at->path().c_str(), &info) != 0) continue;
    const Json list = read_list(at->path().string());
    row.kind = text_of(list, "kind");
    row.name = text_of(list, "network");
    row.target = text_of(list, "target");
    row.bytes = bytes_of(at->path());
    row.used = info.st_mtime;
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const CacheRow& a, const CacheRow& b) {
    return a.used != b.used ? a.used > b.used : a.folder < b.folder;
  });
  return rows;
}

CacheRemoval CacheFolder::trim(int64_t limit) const {
  remove_unfinished(path_);
  CacheRemoval removed;
  int64_t left = 0;
  for (const CacheRow& row : rows()) {
    left += row.bytes;
    if (left <= limit && row.used + unused_seconds > time(nullptr)) continue;
    if (remove_unused(path_ + "/" + row.folder)) {
      ++removed.entries;
      removed.bytes += row.bytes;
      left -= row.bytes;
    } else {
      ++removed.in_use;
    }
  }
  return removed;
}

}  // namespace deeper
