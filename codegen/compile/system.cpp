#include "codegen/compile/system.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "codegen/compile/compile.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// "x86_64-linux-gnu" is both Debian's folder name and clang's triple.
std::string library_folder(const Target& target) { return fmt::format("/usr/lib/{}", target.triple); }

std::string existing(const std::string& path) { return exists(path) ? path : std::string(); }

// Debian's names for the architecture of a triple, as cross packages have them.
std::string debian_name(const Target& target) {
  const std::string_view triple = target.triple;
  if (triple.starts_with("aarch64")) return "arm64";
  return std::string(triple.substr(0, triple.find('-')));
}

// Some GCC's start files and libgcc, which clang links with on Debian.
bool has_cross_gcc(const Target& target) {
  std::error_code error;
  for (fs::directory_iterator at(fmt::format("/usr/lib/gcc-cross/{}", target.triple), error), end; !error && at != end;
       at.increment(error))
    if (exists((at->path() / "crtbeginS.o").string())) return true;
  return false;
}

// The C++ headers (<utility>, <type_traits>) of some GCC; no C++ library is linked.
bool has_cxx_headers(const std::string& include) {
  std::error_code error;
  for (fs::directory_iterator at(include + "/c++", error), end; !error && at != end; at.increment(error))
    if (exists((at->path() / "utility").string())) return true;
  return error &&
         error != std::errc::no_such_file_or_directory;  // could not look (no descriptors left): clang will tell
}

std::vector<std::string> missing_native(const Target& target) {
  std::vector<std::string> missing;
  if (!exists(library_folder(target) + "/crt1.o")) missing.emplace_back("libc6-dev");
  if (!has_cxx_headers("/usr/include")) missing.emplace_back("libstdc++-12-dev");
  const ImageLibraries images = image_libraries(target);
  if (images.jpeg.empty()) missing.emplace_back("libjpeg62-turbo-dev");
  if (images.png.empty()) missing.emplace_back("libpng-dev");
  if (images.zlib.empty()) missing.emplace_back("zlib1g-dev");
  return missing;
}

std::vector<std::string> missing_cross(const Target& target) {
  std::vector<std::string> missing;
  if (target.sysroot.empty() || !exists(std::string(target.sysroot) + "/lib/crt1.o"))
    missing.push_back(fmt::format("libc6-dev-{}-cross", debian_name(target)));
  if (!has_cxx_headers(std::string(target.sysroot) + "/include"))
    missing.push_back(fmt::format("libstdc++-12-dev-{}-cross", debian_name(target)));
  if (!has_cross_gcc(target)) missing.push_back(fmt::format("libgcc-12-dev-{}-cross", debian_name(target)));
  return missing;
}

}  // namespace

std::string find_program(const std::vector<std::string>& names) {
  const char* path = getenv("PATH");
  const std::string folders = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  for (const std::string& name : names) {
    for (size_t begin = 0; begin <= folders.size();) {
      const size_t end = std::min(folders.find(':', begin), folders.size());
      const std::string file = folders.substr(begin, end - begin) + "/" + name;
      if (end > begin && access(file.c_str(), X_OK) == 0) return file;
      begin = end + 1;
    }
  }
  return "";
}

std::optional<std::vector<std::string>> runner(const Target& target) {
  if (runs_here(target)) return std::vector<std::string>{};
  if (target.emulator.empty() || same_machine(target)) return std::nullopt;
  const std::string name(target.emulator.front());
  const std::string emulator = find_program({name, name + "-static"});
  if (emulator.empty()) return std::nullopt;
  std::vector<std::string> words = {emulator};
  words.insert(words.end(), target.emulator.begin() + 1, target.emulator.end());
  words.insert(words.end(), {"-L", std::string(target.sysroot)});
  return words;
}

ImageLibraries image_libraries(const Target& target) {
  if (!same_machine(target)) return {};
  const std::string folder = library_folder(target);
  return {existing(folder + "/libjpeg.a"), existing(folder + "/libpng16.a"), existing(folder + "/libz.a")};
}

std::vector<std::string> missing_for(const Target& target) {
  std::vector<std::string> missing;
  for (const std::string& package : same_machine(target) ? missing_native(target) : missing_cross(target))
    missing.push_back("Debian package " + package);
  return missing;
}

bool can_build(const Target& target, Diagnostics& diagnostics) {
  const std::vector<std::string> missing = missing_for(target);
  for (const std::string& package : missing)
    diagnostics.error("target-unavailable", {},
                      fmt::format("building for {} needs what is not here: {}", target.name, package));
  return missing.empty();
}

}  // namespace deeper
