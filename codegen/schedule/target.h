// The target table: everything the compiler knows about CPUs. Nothing else names one.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

/// Instruction sets that share a baseline and their libraries.
enum class Family { x86_64, aarch64, riscv64 };

/// One row. Minimal: what follows from another entry is not repeated.
struct Target {
  std::string_view name;  ///< as --target takes it: "x86-64-v4"
  Family family = Family::x86_64;
  std::string_view triple = {};                     ///< for clang: "x86_64-linux-gnu"
  std::span<const std::string_view> flags = {};     ///< for the compiler: {"-march=x86-64-v4"}
  int vector_bytes = 0;                             ///< of one vector register
  int registers = 0;                                ///< vector registers
  int tile_pixels = 0;                              ///< most pixels of a register tile with two vectors of channels
  bool fused = true;                                ///< multiplies and adds in one instruction, with one rounding
  std::span<const std::string_view> required = {};  ///< CPU features beyond the family's baseline, by cpu_features.h
  int64_t l1_bytes = 0, l2_bytes = 0;               ///< caches of one core: data; private second level
  std::span<const std::string_view> emulator = {};  ///< runs its programs on another machine; empty = native only
  std::string_view sysroot = {};  ///< of the cross libc: "/usr/aarch64-linux-gnu"; empty = the host's own

  int lanes(int element_bytes) const { return vector_bytes / element_bytes; }
};

std::span<const Target> targets();
/// Null when there is no such row.
const Target* find_target(std::string_view name);

/// Flags on which the results' bits depend, then the row's own: every C++ file of a network needs all of them.
std::vector<std::string> compile_flags(const Target& target);
/// The runtime's inline namespace, no two rows the same: "v1_x86_64_v3_32" (version, row, bytes of a vector).
std::string runtime_namespace(const Target& target);

}  // namespace deeper
