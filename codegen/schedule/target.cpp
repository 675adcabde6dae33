#include "codegen/schedule/target.h"

#include <algorithm>

namespace deeper {

namespace {

using Words = std::string_view[];

constexpr Words v3_flags = {"-march=x86-64-v3"}, v3_required = {"x86_64_v3"};
constexpr Words v4_flags = {"-march=x86-64-v4"}, v4_required = {"x86_64_v4"};
constexpr Words armv8_flags = {"-march=armv8-a"}, qemu_aarch64 = {"qemu-aarch64"};
constexpr Words rvv_flags = {"-march=rv64gcv"}, rvv_required = {"rvv"};
constexpr Words qemu_riscv64 = {"qemu-riscv64", "-cpu", "rv64,v=true,vlen=128"};

constexpr int64_t kib = 1024;

// tile_pixels: with two vectors of channels, 2 * pixels + 3 registers are in use. Measured best on AVX-512 (14) and
// AVX2 (6); 12 on AArch64 leaves what by-element multiply-adds need. Caches: the smallest among the makers' common
// server and desktop parts of that level (Skylake client for v3, Skylake-X for v4).
constexpr Target table[] = {
    {.name = "x86-64-v4",
     .family = Family::x86_64,
     .triple = "x86_64-linux-gnu",
     .flags = v4_flags,
     .vector_bytes = 64,
     .registers = 32,
     .tile_pixels = 14,
     .required = v4_required,
     .l1_bytes = 32 * kib,
     .l2_bytes = 1024 * kib},
    {.name = "x86-64-v3",
     .family = Family::x86_64,
     .triple = "x86_64-linux-gnu",
     .flags = v3_flags,
     .vector_bytes = 32,
     .registers = 16,
     .tile_pixels = 6,
     .required = v3_required,
     .l1_bytes = 32 * kib,
     .l2_bytes = 256 * kib},
    {.name = "aarch64",
     .family = Family::aarch64,
     .triple = "aarch64-linux-gnu",
     .flags = armv8_flags,
     .vector_bytes = 16,
     .registers = 32,
     .tile_pixels = 12,
     .l1_bytes = 32 * kib,
     .l2_bytes = 256 * kib,
     .emulator = qemu_aarch64,
     .sysroot = "/usr/aarch64-linux-gnu"},
    {.name = "riscv64",
     .family = Family::riscv64,
     .triple = "riscv64-linux-gnu",
     .flags = rvv_flags,
     .vector_bytes = 16,
     .registers = 32,
     .tile_pixels = 12,
     .required = rvv_required,
     .l1_bytes = 32 * kib,
     .l2_bytes = 256 * kib,
     .emulator = qemu_riscv64,
     .sysroot = "/usr/riscv64-linux-gnu"},
};

// One rounding a multiply-add and none that is not written; no errno, so that a square root is one instruction.
constexpr Words exact_flags = {"-std=c++20",      "-O3",      "-ffp-contract=off", "-fno-math-errno",
                               "-fno-exceptions", "-fno-rtti"};

}  // namespace

std::span<const Target> targets() { return table; }

const Target* find_target(std::string_view name) {
  for (const Target& target : table) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

std::vector<std::string> compile_flags(const Target& target) {
  std::vector<std::string> flags(std::begin(exact_flags), std::end(exact_flags));
  flags.insert(flags.end(), target.flags.begin(), target.flags.end());
  return flags;
}

std::string runtime_namespace(const Target& target) {
  std::string row(target.name);
  std::replace_if(row.begin(), row.end(), [](char c) { return c == '-' || c == '.' || c == '+'; }, '_');
  return "v1_" + row + "_" + std::to_string(target.vector_bytes);
}

}  // namespace deeper
