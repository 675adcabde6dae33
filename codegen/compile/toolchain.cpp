#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "codegen/compile/compile.h"
#include "codegen/compile/process.h"
#include "codegen/compile/system.h"

namespace deeper {
namespace {

bool executable(const std::string& path) { return access(path.c_str(), X_OK) == 0; }

// The first line of `clang --version` without the distribution's words: "clang 22.1.8".
std::string version_of(const std::string& clang) {
  const Finished told = run({{clang, "--version"}, "", 20});
  const std::string word = "clang version ";
  const size_t at = told.ok() ? told.out.find(word) : std::string::npos;
  if (at == std::string::npos) return "";
  const size_t begin = at + word.size();
  return "clang " + told.out.substr(begin, told.out.find_first_of(" \n(", begin) - begin);
}

// Its own folder has llvm-ar and ld.lld beside it; a link in /usr/bin leads there.
Toolchain toolchain_at(const std::string& clang) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(clang, error);
  if (error) return {};
  const std::string folder = real.parent_path().string();
  Toolchain tools{real.string(), folder + "/llvm-ar", ""};
  if (executable(tools.ar) && executable(folder + "/ld.lld")) tools.version = version_of(tools.clang);
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
