// Cutting maps into register tiles.
#include <catch2/catch.hpp>

#include "codegen/schedule/tiles.h"

namespace deeper {
namespace {

/// Every pixel of the map is in exactly one tile.
void require_cover(const Tiling& t, int64_t height, int64_t width, int64_t most) {
  std::vector<int> met(static_cast<size_t>(height * width), 0);
  for (int64_t band = 0; band < t.bands; ++band)
    for (const TileRun& rows : t.rows)
      for (int64_t r = 0; r < rows.count * rows.size; ++r)
        for (const TileRun& pixels : t.pixels)
          for (int64_t p = 0; p < pixels.count * pixels.size; ++p) {
            const int64_t y = band * t.band_rows + rows.begin + r, x = pixels.begin + p;
            ++met.at(static_cast<size_t>(y * t.width + x));
          }
  CHECK(std::count(met.begin(), met.end(), 1) == height * width);
  CHECK(largest_tile(t) <= most);
  CHECK(t.height * t.width == height * width);
}

TEST_CASE("rows are split into parts of nearly equal size") {
  const auto sizes = [](int64_t length, int64_t most) {
    std::vector<int64_t> list;
    for (const TileRun& run : equal_parts(length, most))
      list.insert(list.end(), static_cast<size_t>(run.count), run.size);
    return list;
  };
  CHECK(sizes(28, 14) == std::vector<int64_t>{14, 14});
  CHECK(sizes(17, 14) == std::vector<int64_t>{9, 8});
  CHECK(sizes(35, 14) == std::vector<int64_t>{12, 12, 11});
  CHECK(sizes(49, 14) == std::vector<int64_t>{13, 12, 12, 12});
  CHECK(sizes(1, 14) == std::vector<int64_t>{1});
}

TEST_CASE("a 7x7 map with a window takes two rows a tile, the last one alone") {
  const Tiling t = cut_map(7, 7, 14, false);
  REQUIRE(t.rows.size() == 2);
  CHECK((t.rows[0].count == 3 && t.rows[0].size == 2));
  CHECK((t.rows[1].begin == 6 && t.rows[1].count == 1 && t.rows[1].size == 1));
  CHECK(t.bands == 1);
}

TEST_CASE("a map without gaps is cut anew where that saves tiles") {
  const Tiling small = cut_map(7, 7, 14, true);
  CHECK((small.flat && small.height == 1 && small.width == 49));
  const Tiling own = cut_map(28, 28, 14, true);
  CHECK((!own.flat && own.width == 28 && own.bands == 28));
  const Tiling odd = cut_map(35, 35, 14, true);
  CHECK((odd.flat && odd.width == 175 && odd.height == 7));
}

TEST_CASE("every map is covered once by tiles that fit") {
  for (const int64_t most : {1, 5, 6, 12, 14, 28})
    for (int64_t height = 1; height <= 20; ++height)
      for (int64_t width = 1; width <= 40; ++width)
        for (const bool gapless : {false, true}) {
          INFO(height << "x" << width << ", at most " << most << (gapless ? ", gapless" : ""));
          require_cover(cut_map(height, width, most, gapless), height, width, most);
        }
}

TEST_CASE("tiles fit the registers of every target") {
  for (const Target& target : targets())
    for (int64_t vectors = 1; vectors <= 2; ++vectors)
      CHECK(tile_registers(most_pixels(target, vectors), vectors) <= target.registers);
  CHECK(most_pixels(*find_target("x86-64-v4"), 2) == 14);
  CHECK(most_pixels(*find_target("x86-64-v4"), 1) == 28);
  CHECK(most_pixels(*find_target("x86-64-v3"), 1) == 12);
  CHECK(find_target("x86-64-v9") == nullptr);
}

TEST_CASE("a tiling is told in words") {
  CHECK(describe(cut_map(28, 28, 14, false)) == "rows of 28 pixels = 2 x 14");
  CHECK(describe(cut_map(7, 7, 14, false)) == "rows of 7 pixels, 7 rows = 3 x 2 + 1 a tile");
  CHECK(describe(cut_map(7, 7, 14, true)) == "the map's 49 pixels as one row = 13 + 3 x 12");
  CHECK(describe(cut_map(1, 1, 14, true)) == "one pixel");
}

}  // namespace
}  // namespace deeper
