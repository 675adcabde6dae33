// Places in the arena: nothing that is alive at the same time overlaps, nothing that could share memory is wasted.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "codegen/schedule/arena.h"

namespace deeper {
namespace {

Buffer buffer(int64_t floats, int first, int last) {
  Buffer b;
  b.floats = floats;
  b.first_step = first;
  b.last_step = last;
  return b;
}

bool overlap(const Buffer& a, const Buffer& b) {
  const bool together = a.first_step <= b.last_step && b.first_step <= a.last_step;
  return together && a.begin < b.begin + b.floats && b.begin < a.begin + a.floats;
}

TEST_CASE("a chain of steps needs two buffers only") {
  std::vector<Buffer> chain;
  for (int i = 0; i < 10; ++i) chain.push_back(buffer(160, i, i + 1));
  CHECK(place_buffers(chain) == 320 + arena_spare);
}

TEST_CASE("buffers begin at cache lines and never overlap while they live") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Buffer> buffers;
    int64_t alive_most = 0, sum = 0;
    for (int i = 0; i < 30; ++i) {
      const int first = static_cast<int>(random() % 20);
      buffers.push_back(
          buffer(1 + static_cast<int64_t>(random() % 1000), first, first + static_cast<int>(random() % 5)));
      sum += (buffers.back().floats + 15) / 16 * 16;
    }
    const int64_t floats = place_buffers(buffers);
    for (int step = 0; step < 25; ++step) {
      int64_t alive = 0;
      for (const Buffer& b : buffers) alive += b.first_step <= step && step <= b.last_step ? b.floats : 0;
      alive_most = std::max(alive_most, alive);
    }
    for (size_t i = 0; i < buffers.size(); ++i) {
      REQUIRE(buffers[i].begin % arena_alignment == 0);
      REQUIRE(buffers[i].begin + buffers[i].floats + arena_spare <= floats);
      for (size_t j = 0; j < i; ++j) REQUIRE_FALSE(overlap(buffers[i], buffers[j]));
    }
    REQUIRE(floats - arena_spare >= alive_most);
    REQUIRE(floats - arena_spare < sum);  // it shares
  }
}

}  // namespace
}  // namespace deeper
