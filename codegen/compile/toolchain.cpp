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
Toolchain toolchain_at(const std::string& clang) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(clang, error);
  if (error) return {};
  const std::string folder = real.parent_path().string();
  Toolchain tools{real.string(), folder + "/llvm-ar", "", ""};
  if (!executable(tools.ar) || !executable(folder + "/ld.lld")) return tools;
  const Finished told = run({{tools.clang, "--version"}, "", 20});
  if (told.ok()) tools.version = version_in(told.out);
  tools.identity = identity_of(tools, told.out);
  return tools;
}

}  // namespace

Toolchain find_toolchain(Diagnostics& diagnostics) {
  if (const char* named = getenv("DEEPER_CLANG"); named != nullptr && *named != '\0') {
    Toolchain tools = toolchain_at(named);
    if (tools.version.empty())
      diagnostics.error("no-compiler", {},
                        fmt::format("DEEPER_CLANG={} is not a clang with llvm-ar and ld.lld beside it", named));
    return tools;
  }
  for (const int version : {22, 19}) {
    std::string clang = fmt::format("/usr/lib/llvm-{}/bin/clang", version);
    if (!executable(clang)) clang = find_program({fmt::format("clang-{}", version)});
    if (clang.empty()) continue;
    if (Toolchain tools = toolchain_at(clang); !tools.version.empty()) return tools;
  }
  diagnostics.error("no-compiler", {}, "no clang 22 or 19 with its ld.lld and llvm-ar here").help =
      "apt-get install clang-22 lld-22 llvm-22, or set DEEPER_CLANG to the path of another clang";
  return {};
}

}  // namespace deeper
