#include "codegen/schedule/tiles.h"

#include <fmt/format.h>

#include <algorithm>

namespace deeper {

namespace {

int64_t ceil_divide(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// A map without gaps is cut into rows of any length that divides it: as few tiles as possible, within 4 %; then its
/// own rows, or as many as possible.
int64_t flat_width(int64_t pixels, int64_t own_width, int64_t most) {
  const auto tiles = [&](int64_t width) { return ceil_divide(width, most) * (pixels / width); };
  const int64_t fewest = tiles(pixels);
  if (tiles(own_width) * 100 <= fewest * 104) return own_width;
  for (int64_t width = 1; width < std::min<int64_t>(pixels, 1 << 16); ++width) {
    if (pixels % width == 0 && tiles(width) * 100 <= fewest * 104) return width;
  }
  return pixels;
}

/// Rows of one tile where a row fills at most half of it: the fewest that need the fewest tiles.
int64_t rows_of_tile(int64_t height, int64_t width, int64_t most) {
  const int64_t limit = std::min(height, most / width);
  int64_t best = 1;
  for (int64_t rows = 2; rows <= limit; ++rows) {
    if (ceil_divide(height, rows) < ceil_divide(height, best)) best = rows;
  }
  return best;
}

std::string describe(const std::vector<TileRun>& runs) {
  std::string text;
  for (const TileRun& run : runs) {
    const std::string tiles =
        run.count == 1 ? fmt::format("{}", run.size) : fmt::format("{} x {}", run.count, run.size);
    text += text.empty() ? tiles : " + " + tiles;
  }
  return text;
}

}  // namespace

int64_t most_pixels(const Target& target, int64_t vectors) {
  if (vectors == 2) return target.tile_pixels;
  const int64_t held = (target.registers - 1 - vectors) / vectors;
  return std::clamp<int64_t>(held, 1, 2 * target.tile_pixels);
}

std::vector<TileRun> equal_parts(int64_t length, int64_t most) {
  const int64_t parts = ceil_divide(length, most);
  const int64_t size = length / parts, larger = length % parts;
  std::vector<TileRun> runs;
  if (larger > 0) runs.push_back({0, larger, size + 1});
  runs.push_back({larger * (size + 1), parts - larger, size});
  return runs;
}

Tiling cut_map(int64_t height, int64_t width, int64_t most, bool gapless) {
  Tiling tiling;
  if (gapless && height > 1) {
    const int64_t row = flat_width(height * width, width, most);
    tiling.flat = row != width;
    height = height * width / row;
    width = row;
  }
  tiling.height = height;
  tiling.width = width;
  tiling.pixels = equal_parts(width, most);
  const int64_t rows = tiling.flat ? 1 : rows_of_tile(height, width, most);
  tiling.band_rows = height % rows == 0 ? rows : height;
  tiling.bands = height / tiling.band_rows;
  if (const int64_t whole = tiling.band_rows / rows; whole > 0) tiling.rows.push_back({0, whole, rows});
  if (const int64_t rest = tiling.band_rows % rows; rest > 0) tiling.rows.push_back({tiling.band_rows - rest, 1, rest});
  return tiling;
}

int64_t tile_registers(int64_t pixels, int64_t vectors) {
  return pixels == 1 ? vectors + 1 : pixels * vectors + vectors + 1;
}

int64_t largest_tile(const Tiling& tiling) {
  int64_t largest = 0;
  for (const TileRun& rows : tiling.rows) {
    for (const TileRun& pixels : tiling.pixels) largest = std::max(largest, rows.size * pixels.size);
  }
  return largest;
}

std::string describe(const Tiling& tiling) {
  if (tiling.height == 1 && tiling.width == 1) return "one pixel";
  const bool rows_joined = tiling.rows.front().size > 1;
  std::string text = tiling.flat && tiling.height == 1
                         ? fmt::format("the map's {} pixels as one row", tiling.width)
                         : fmt::format("{} of {} pixels", tiling.flat ? "the map as rows" : "rows", tiling.width);
  if (tiling.pixels.size() > 1 || tiling.pixels[0].count > 1) text += " = " + describe(tiling.pixels);
  if (rows_joined) text += fmt::format(", {} rows = {} a tile", tiling.band_rows, describe(tiling.rows));
  return text;
}

}  // namespace deeper
