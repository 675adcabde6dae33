#include "runtime/preprocess.h"

namespace rt::inline RT_ABI {
namespace {

/// A heap of numbers whose root belongs to the largest value.
struct Heap {
  const float* values;
  int* order;
  int count;

  float value(int number) const { return values[number] == values[number] ? values[number] : -__builtin_inff(); }
  bool before(int a, int b) const { return value(a) > value(b) || (value(a) == value(b) && a < b); }

  void sink(int at) {
    for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && before(order[child + 1], order[child])) ++child;
      if (!before(order[child], order[at])) return;
      swap(at, child);
      at = child;
    }
  }
  void swap(int a, int b) {
    const int kept = order[a];
    order[a] = order[b];
    order[b] = kept;
  }
};

}  // namespace

int64_t find_not_finite(const float* values, int64_t count) {
  int64_t i = 0;
  while (i < count && __builtin_isfinite(values[i])) ++i;
  return i;
}

const char* name_of_not_finite(float value) { return __builtin_isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf"; }

void find_top(const float* values, int count, int k, int* order) {
  for (int i = 0; i < count; ++i) order[i] = i;
  Heap heap{values, order, count};
  for (int i = count / 2 - 1; i >= 0; --i) heap.sink(i);
  for (int i = 0; i < k; ++i) {  // the largest ones gather at the end, in falling order from there
    heap.swap(0, --heap.count);
    heap.sink(0);
  }
  for (int low = 0, high = count - 1; low < high; ++low, --high) heap.swap(low, high);
}

}  // namespace rt::inline RT_ABI
