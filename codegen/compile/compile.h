// C++ text -> objects, archives and a program, by clang and lld as processes. LLVM answers about the host.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/emit/emit.h"
#include "codegen/schedule/target.h"
#include "dsl/diagnostics.h"

namespace deeper {

/// The row that suits this machine best, by LLVM's view of its CPU features; null when none does.
const Target* host_target();
/// True when programs for it run here without an emulator.
bool runs_here(const Target& target);
/// What is missing to build for it, in words ("Debian package libc6-dev-arm64-cross"); empty = nothing.
std::vector<std::string> missing_for(const Target& target);
/// Tells all of that as diagnostics; true when nothing is missing.
bool can_build(const Target& target, Diagnostics& diagnostics);

struct Toolchain {
  std::string clang, ar;  ///< absolute paths; ld.lld stands beside them
  std::string version;    ///< "clang 22.1.8"
  std::string identity;   ///< changes when another compiler stands at these paths: versions, sizes, dates
};
/// What DEEPER_CLANG names, else clang 22, else 19; a diagnostic when there is none.
Toolchain find_toolchain(Diagnostics& diagnostics);

class CacheFolder;

struct CompileJob {
  std::string name;
  std::string folder;  ///< holds the sources, runtime/ and NAME.weights; gets the libraries and the program
  const Target* target = nullptr;
  bool program = true;
  bool classify = true;                ///< NAME_image.cpp belongs to the image library: the network takes pictures
  const CacheFolder* cache = nullptr;  ///< where the runtime's objects are found and kept; null: compiled each time
  std::function<void(size_t done, size_t of)> progress;  ///< called after each file; may be empty
  std::function<void(const std::string&)> announce;      ///< gets each file that will be made; may be empty
};
struct CompileReport {
  double seconds_network = 0;                ///< NAME.cpp alone
  int64_t stack_bytes = 0;                   ///< an upper bound of what a call of `run` needs
  std::vector<std::string> flags;            ///< of every C++ file
  std::vector<std::string> hardening_flags;  ///< and of those that read files of strangers: all but the network
};
/// libNAME.a (the network), libNAME_image.a (decoding and preprocessing) and the program. A text that clang refuses is
/// our mistake ("internal-compile"); a disk that is full is not ("output-folder").
CompileReport compile(const CompileJob& job, const Toolchain& toolchain, Diagnostics& diagnostics);

}  // namespace deeper
