// How maps are cut into register tiles (PERFORMANCE.md, sections 3, 6 and 8, says what was measured).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "codegen/schedule/schedule.h"
#include "codegen/schedule/target.h"

namespace deeper {

/// Most pixels of a tile with this many vectors of channels: with two, what the target's row says; else what the
/// registers hold beside the weights and one broadcast input.
int64_t most_pixels(const Target& target, int64_t vectors);

/// `length` cut into the fewest parts of at most `most`, of nearly equal size, the larger ones first.
std::vector<TileRun> equal_parts(int64_t length, int64_t most);

/// Tiles of a map of height x width. `gapless`: input, output and operands have no gaps between rows, and the window is
/// 1x1 with stride 1, so that rows may be cut anew.
Tiling cut_map(int64_t height, int64_t width, int64_t most_pixels, bool gapless);

/// Registers that a tile needs: its sums, its weights (none with a single pixel: each is used once, from memory) and
/// one input.
int64_t tile_registers(int64_t pixels, int64_t vectors);

/// The largest tile of a tiling, in pixels.
int64_t largest_tile(const Tiling& tiling);

/// "a row of 28 pixels = 2 tiles of 14", "17 pixels = 9 + 8", "7 rows = 3 pairs + 1".
std::string describe(const Tiling& tiling);

}  // namespace deeper
