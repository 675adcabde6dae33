#include "codegen/schedule/target.h"

namespace deeper {

namespace {

// tile_pixels: with two vectors of channels, 2 * pixels + 3 registers are in use. Measured best on AVX-512 (14) and
// AVX2 (6); 12 on AArch64 leaves what by-element multiply-adds need.
constexpr Target table[] = {
    {"x86-64-v4", "x86_64-linux-gnu", "x86-64-v4", 16, 32, 14, {}, {}},
    {"x86-64-v3", "x86_64-linux-gnu", "x86-64-v3", 8, 16, 6, {}, {}},
    {"aarch64", "aarch64-linux-gnu", "armv8-a", 4, 32, 12, "qemu-aarch64", "/usr/aarch64-linux-gnu"},
    {"riscv64", "riscv64-linux-gnu", "rv64gcv", 4, 32, 12, "qemu-riscv64", "/usr/riscv64-linux-gnu"},
};

}  // namespace

std::span<const Target> targets() { return table; }

const Target* find_target(std::string_view name) {
  for (const Target& target : table) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

}  // namespace deeper
