// What this machine has: its CPU, the compilers, cross libraries and emulators of its distribution.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codegen/schedule/target.h"

namespace deeper {

/// The target's instruction set family is that of this machine, whatever the level.
bool same_machine(const Target& target);
/// What LLVM does instead of aborting where it gets no memory; it must not return.
void on_llvm_without_memory(void (*handler)());
/// LLVM's name of this CPU ("znver5").
std::string host_cpu();

/// Path of the first of `names` found in PATH, empty when there is none.
std::string find_program(const std::vector<std::string>& names);

/// What stands before a program's own arguments to run it here: nothing, or an emulator; null when it cannot run.
std::optional<std::vector<std::string>> runner(const Target& target);

/// Static libraries for decoding photos, as absolute paths: libjpeg.a, libpng16.a, libz.a.
struct ImageLibraries {
  std::string jpeg, png, zlib;  ///< empty = missing
  bool all() const { return !jpeg.empty() && !png.empty() && !zlib.empty(); }
};
ImageLibraries image_libraries(const Target& target);

/// One of them as it goes into a program.
struct LibraryVersion {
  std::string name;     ///< "libpng"
  std::string version;  ///< its own: "1.6.39"; empty where nothing tells
  std::string package;  ///< "libpng-dev 1.6.39-2+deb12u1", where Debian's package manager tells
};
/// Empty where programs for the target carry none.
std::vector<LibraryVersion> image_library_versions(const Target& target);

}  // namespace deeper
