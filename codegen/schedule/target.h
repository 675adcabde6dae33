// The target table: everything the compiler knows about CPUs. Nothing else names one.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

/// One row. Minimal: what follows from another entry is not repeated.
struct Target {
  std::string_view name;    ///< as --target takes it: "x86-64-v4"
  std::string_view triple;  ///< for clang: "x86_64-linux-gnu"
  std::string_view march;   ///< for -march=
  int vector_floats = 0;    ///< lanes of one vector register
  int registers = 0;        ///< vector registers
  int tile_pixels =
      0;  ///< most pixels of a register tile with two vectors of channels (PERFORMANCE.md, sections 3 and 8)
  std::string_view emulator;  ///< runs its programs on another machine: "qemu-aarch64"; empty = native only
  std::string_view sysroot;   ///< of the cross libc: "/usr/aarch64-linux-gnu"; empty = the host's own
};

std::span<const Target> targets();
/// Null when there is no such row.
const Target* find_target(std::string_view name);

}  // namespace deeper
