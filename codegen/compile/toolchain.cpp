#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "codegen/compile/compile.h"
#include "codegen/compile/process.h"
#include "codegen/compile/system.h"

namespace deeper {
namespace {

bool executable(const std::string& path) { return access(path.c_str(), X_OK) == 0; }

/// A clang that was looked at.
struct Candidate {
  Toolchain tools;  ///< without a version when it is none
  std::string why;  ///< it could not even be asked
};

// From the first line of `clang --version`, without the distribution's words: "clang 22.1.8".
std::string version_in(const std::string& told) {
  const std::string word = "clang version ";
  const size_t at = told.find(word);
  if (at == std::string::npos) return "";
  const size_t begin = at + word.size();
  return "clang " + told.substr(begin, told.find_first_of(" \n(", begin) - begin);
}

// Size and date of a file, whose content would take long to hash: LLVM's libraries have 200 MB.
std::string stamp(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return fmt::format("{} missing\n", path);
  return fmt::format("{} {} {}.{:09}\n", path, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

// What the tools say and what they consist of; Debian's are small programs around libraries in ../lib.
std::string identity_of(const Toolchain& tools, const std::string& told) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(tools.clang).parent_path();
  std::string text = told + stamp(tools.clang) + stamp(tools.ar) + stamp((folder / "ld.lld").string());
  std::set<std::string> libraries;
  std::error_code error;
  for (fs::directory_iterator at(folder.parent_path() / "lib", error), end; !error && at != end; at.increment(error))
    if (const std::string name = at->path().filename().string(); name.find(".so") != std::string::npos)
      libraries.insert(at->path().string());
  for (const std::string& library : libraries) text += stamp(library);
  return text;
}

// Its own folder has llvm-ar and ld.lld beside it; a link in /usr/bin leads there.
Candidate candidate_at(const std::string& clang) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(clang, error);
  if (error) return {};
  const std::string folder = real.parent_path().string();
  Candidate found{{real.string(), folder + "/llvm-ar", "", ""}, ""};
  if (!executable(found.tools.ar) || !executable(folder + "/ld.lld")) return found;
  const Finished told = run({{found.tools.clang, "--version"}, "", 20});
  if (told.ok()) found.tools.version = version_in(told.out);
  if (!told.ok())
    found.why = fmt::format("{} --version {}{}{}", clang, told.how(), told.err.empty() ? "" : ": ",
                            told.err.substr(0, told.err.find('\n')));
  found.tools.identity = identity_of(found.tools, told.out);
  return found;
}

}  // namespace

Toolchain find_toolchain(Diagnostics& diagnostics) {
  if (const char* named = getenv("DEEPER_CLANG"); named != nullptr && *named != '\0') {
    Candidate found = candidate_at(named);
    if (found.tools.version.empty())
      diagnostics.error("no-compiler", {},
                        !found.why.empty()
                            ? found.why
                            : fmt::format("DEEPER_CLANG={} is not a clang with llvm-ar and ld.lld beside it", named));
    return found.tools;
  }
  std::string why;
  for (const int version : {22, 19}) {
    std::string clang = fmt::format("/usr/lib/llvm-{}/bin/clang", version);
    if (!executable(clang)) clang = find_program({fmt::format("clang-{}", version)});
    if (clang.empty()) continue;
    Candidate found = candidate_at(clang);
    if (!found.tools.version.empty()) return found.tools;
    if (why.empty()) why = found.why;
  }
  if (!why.empty()) {
    diagnostics.error("no-compiler", {}, why);
    return {};
  }
  diagnostics.error("no-compiler", {}, "no clang 22 or 19 with its ld.lld and llvm-ar here").help =
      "apt-get install clang-22 lld-22 llvm-22, or set DEEPER_CLANG to the path of another clang";
  return {};
}

}  // namespace deeper
