// What deeper has made and keeps for itself: $XDG_CACHE_HOME/deeper, else ~/.cache/deeper. An entry is a folder with
// its files and an entry.json that names their sizes and hashes; it appears whole, and is checked before it is used.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

/// An entry in use: nobody removes it while this lives, nor while a program lives that this process has become.
class KeptEntry {
 public:
  KeptEntry(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  ~KeptEntry();
  KeptEntry(KeptEntry&& other) noexcept;
  KeptEntry& operator=(KeptEntry&& other) noexcept;

  std::string file(std::string_view name) const { return folder_ + "/" + std::string(name); }

 private:
  std::string folder_;
  int lock_ = -1;
};

/// What an entry is, for its name and for `deeper cache`.
struct EntryTitle {
  std::string kind;  ///< "program", "weights", "runtime"
  std::string name;  ///< the network's, or "runtime"
  std::string target;
  std::string key;  ///< 32 hex digits: whatever changes the entry's content changes them

  std::string folder() const { return name + "-" + key; }
};

/// An entry as `deeper cache` lists it.
struct CacheRow {
  std::string folder, kind, name, target;  ///< `kind` empty: broken, or left by another version
  int64_t bytes = 0;
  int64_t used = 0;  ///< last, in seconds since 1970
};

struct CacheRemoval {
  int64_t entries = 0, bytes = 0;
  int64_t in_use = 0;  ///< entries that had to stay
};

/// Why there is no cache.
struct CacheProblem {
  bool refused = false;  ///< there is one, but it is not safe or not understood; else there just is no place for it
  std::string message, help;
};

class CacheFolder {
 public:
  static constexpr int64_t default_limit = 4'000'000'000;

  /// Makes the folder where there is none. One that others can write, that is another user's or a link is refused, so
  /// is a DEEPER_CACHE_LIMIT that is no size.
  static std::optional<CacheFolder> open(CacheProblem& problem);

  const std::string& path() const { return path_; }
  int64_t limit() const { return limit_; }

  /// The entry, if it is there, ours alone, and each of its files what it was when it was kept.
  std::optional<KeptEntry> find(const EntryTitle& title) const;
  /// Makes an entry of the files that `fill` writes into the folder it is given; `fill` gives false when it could not.
  /// One of the same title that is sound stays and is given back instead. Then removes what is too old or too much.
  /// Null and a reason when nothing could be kept.
  std::optional<KeptEntry> keep(const EntryTitle& title, const std::function<bool(const std::string&)>& fill,
                                std::string& reason) const;
  /// Removes an entry unless somebody uses it.
  void discard(const EntryTitle& title) const;

  /// The one used last comes first.
  std::vector<CacheRow> rows() const;
  /// Removes what was used longest ago until `limit` bytes are left, and what nobody used for a month.
  CacheRemoval trim(int64_t limit) const;

 private:
  std::string path_;
  int64_t limit_ = default_limit;
};

/// "500MB", "4 GB", "1000000": decimal units, as `size_text` prints them. Null when it is no size.
std::optional<int64_t> parse_size(std::string_view text);

}  // namespace deeper
