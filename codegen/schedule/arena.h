// Lifetimes -> places in one block of memory.
#pragma once
#include <cstdint>
#include <vector>

#include "codegen/schedule/schedule.h"

namespace deeper {

/// Floats of a cache line: every buffer begins at one.
inline constexpr int64_t arena_alignment = 16;
/// Behind the last buffer: a kernel may load a whole vector where fewer channels are valid.
inline constexpr int64_t arena_spare = 64;

/// Sets `begin` of all buffers: largest first, each at the lowest place that no buffer alive at the same time takes.
/// Returns the arena's floats, spare ones included.
int64_t place_buffers(std::vector<Buffer>& buffers);

}  // namespace deeper
