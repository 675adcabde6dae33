// Where the cache is, whether it is ours alone, and how large it may grow.
#include "codegen/compile/cache_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "dsl/text.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = getenv(name);
  return value != nullptr ? value : "";
}

// As the XDG base directory specification has it: an absolute path, else below the home folder. Links are resolved here
// once, so that nobody who may change them later leads us elsewhere.
std::string parent_folder(CacheProblem& problem) {
  const std::string cache = variable("XDG_CACHE_HOME"), home = variable("HOME");
  const std::string named = cache.starts_with('/') ? cache : home.starts_with('/') ? home + "/.cache" : "";
  if (named.empty()) {
    problem.message = "no folder for what is built: neither XDG_CACHE_HOME nor HOME names one";
    problem.help = "set XDG_CACHE_HOME to a folder of yours";
    return "";
  }
  std::error_code error;
  fs::create_directories(named, error);
  const fs::path real = error ? fs::path() : fs::canonical(named, error);
  if (error) {
    problem.message = fmt::format("cannot create {}: {}", printable(named), error.message());
    problem.help = "set XDG_CACHE_HOME to a folder of yours";
  }
  return real.string();
}

// Programs are run and objects linked from here: whoever else may write decides what they do.
void check_trust(const std::string& folder, CacheProblem& problem) {
  struct stat info = {}, parent = {};
  const std::string shown = printable(folder);
  if (lstat(folder.c_str(), &info) != 0 || stat(fs::path(folder).parent_path().c_str(), &parent) != 0) {
    problem.message = fmt::format("cannot use {}: {}", shown, strerror(errno));
    return;
  }
  const auto refuse = [&](const std::string& what, const std::string& help) {
    problem = {true, fmt::format("the cache {} {}", shown, what),
               fmt::format("{}or name a folder of your own with XDG_CACHE_HOME", help)};
  };
  if (S_ISLNK(info.st_mode)) return refuse("is a link", "replace it by a folder, ");
  if (!S_ISDIR(info.st_mode)) return refuse("is no folder", "move it away, ");
  if (info.st_uid != geteuid())
    return refuse(fmt::format("belongs to another user (number {})", info.st_uid), "remove it, ");
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refuse("can be written by others", fmt::format("empty it and `chmod 700 {}`, ", shown));
  if ((parent.st_mode & S_IWOTH) != 0 && (parent.st_mode & S_ISVTX) == 0)
    return refuse("is in a folder where others can replace it",
                  fmt::format("`chmod o-w {}`, ", printable(fs::path(folder).parent_path().string())));
}

}  // namespace

std::optional<int64_t> parse_size(std::string_view text) {
  constexpr std::pair<std::string_view, double> units[] = {{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3},
                                                           {"KB", 1e3},  {"B", 1},    {"T", 1e12}, {"G", 1e9},
                                                           {"M", 1e6},   {"K", 1e3},  {"k", 1e3}};
  double factor = 1;
  for (const auto& [unit, bytes] : units)
    if (factor == 1 && text.ends_with(unit)) {
      text.remove_suffix(unit.size());
      factor = bytes;
      break;
    }
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto number = text.empty() || !is_digit(text[0]) ? std::nullopt : parse_number(text);
  if (!number || *number < 0 || *number * factor > 9e18) return std::nullopt;
  return static_cast<int64_t>(*number * factor);
}

std::optional<CacheFolder> CacheFolder::open(CacheProblem& problem) {
  CacheFolder cache;
  if (const std::string limit = variable("DEEPER_CACHE_LIMIT"); !limit.empty()) {
    const auto bytes = parse_size(limit);
    if (!bytes) {
      problem = {true, fmt::format("DEEPER_CACHE_LIMIT={} is no size", printable(limit)), "`500MB`, `4GB`"};
      return std::nullopt;
    }
    cache.limit_ = *bytes;
  }
  const std::string parent = parent_folder(problem);
  if (parent.empty()) return std::nullopt;
  cache.path_ = (fs::path(parent) / "deeper").string();
  if (mkdir(cache.path_.c_str(), 0700) != 0 && errno != EEXIST) {
    problem.message = fmt::format("cannot create {}: {}", printable(cache.path_), strerror(errno));
    problem.help = "set XDG_CACHE_HOME to a folder of yours";
    return std::nullopt;
  }
  check_trust(cache.path_, problem);
  return problem.message.empty() ? std::optional(cache) : std::nullopt;
}

}  // namespace deeper
