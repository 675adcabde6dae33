#include "codegen/schedule/arena.h"

#include <algorithm>

namespace deeper {

namespace {

int64_t aligned(int64_t floats) { return (floats + arena_alignment - 1) / arena_alignment * arena_alignment; }

bool live_together(const Buffer& a, const Buffer& b) {
  return a.first_step <= b.last_step && b.first_step <= a.last_step;
}

/// `placed` is in order of `begin`.
int64_t lowest_place(const Buffer& buffer, const std::vector<const Buffer*>& placed) {
  int64_t begin = 0;
  for (const Buffer* other : placed) {
    if (!live_together(buffer, *other)) continue;
    if (begin + aligned(buffer.floats) <= other->begin) break;
    begin = std::max(begin, other->begin + aligned(other->floats));
  }
  return begin;
}

}  // namespace

int64_t place_buffers(std::vector<Buffer>& buffers) {
  std::vector<Buffer*> by_size;
  for (Buffer& buffer : buffers) by_size.push_back(&buffer);
  std::sort(by_size.begin(), by_size.end(), [](const Buffer* a, const Buffer* b) {
    return a->floats != b->floats ? a->floats > b->floats : a < b;  // neighbours in one vector: a stable order
  });
  std::vector<const Buffer*> placed;
  int64_t end = 0;
  for (Buffer* buffer : by_size) {
    buffer->begin = lowest_place(*buffer, placed);
    end = std::max(end, buffer->begin + aligned(buffer->floats));
    const auto later = [](int64_t begin, const Buffer* other) { return begin < other->begin; };
    placed.insert(std::upper_bound(placed.begin(), placed.end(), buffer->begin, later), buffer);
  }
  return end + arena_spare;
}

}  // namespace deeper
