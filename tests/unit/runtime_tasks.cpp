// Unit numbers to blocks and rows, and the split of units over threads.
#include <catch2/catch.hpp>
#include <vector>

#include "runtime/tasks.h"
#include "runtime/team.h"

namespace {

std::vector<std::pair<int, int>> units_of(rt::Task task, int first, int blocks, int rows, bool blocks_outer) {
  std::vector<std::pair<int, int>> found;
  if (blocks_outer) {
    for (const auto [block, row] : rt::blocks_outer(task, first, blocks, rows)) found.emplace_back(block, row);
  } else {
    for (const auto [block, row] : rt::rows_outer(task, first, blocks, rows)) found.emplace_back(block, row);
  }
  return found;
}

}  // namespace

TEST_CASE("units of a part come in order, whatever the task") {
  constexpr int first = 5, blocks = 3, rows = 4, all = 25;
  for (int begin = 0; begin <= all; ++begin) {
    for (int end = begin; end <= all; ++end) {
      std::vector<std::pair<int, int>> by_blocks, by_rows;
      std::vector<int> plain;
      for (int u = begin; u < end; ++u) {
        const int unit = u - first;
        if (unit < 0 || unit >= blocks * rows) continue;
        by_blocks.emplace_back(unit / rows, unit % rows);
        by_rows.emplace_back(unit % blocks, unit / blocks);
        plain.push_back(unit);
      }
      REQUIRE(units_of({begin, end}, first, blocks, rows, true) == by_blocks);
      REQUIRE(units_of({begin, end}, first, blocks, rows, false) == by_rows);
      std::vector<int> got;
      for (const int row : rt::rows({begin, end}, first, blocks * rows)) got.push_back(row);
      REQUIRE(got == plain);
    }
  }
}

TEST_CASE("shares cover all units once and differ by at most one") {
  for (int units : {0, 1, 2, 7, 100, 12345}) {
    for (int threads : {1, 2, 3, 8, 64}) {
      int next = 0, smallest = units, largest = 0;
      for (int i = 0; i < threads; ++i) {
        const rt::Task task = rt::share_of(units, i, threads);
        REQUIRE(task.begin == next);
        next = task.end;
        smallest = std::min(smallest, task.end - task.begin);
        largest = std::max(largest, task.end - task.begin);
      }
      REQUIRE(next == units);
      REQUIRE(largest - smallest <= 1);
    }
  }
}
