// A step's work is a numbered list of units; a thread computes a range of it. These ranges turn unit numbers back into
// (channel block, row) pairs, without a division per unit:
//   for (const auto [block, y] : rt::rows_outer(task, first_unit, blocks, rows)) ...
#pragma once
#include "runtime/network.h"
#include "runtime/simd.h"

namespace rt::inline RT_ABI {

struct BlockRow {
  int block, row;
};

/// The units of `task` that fall into [first, first + count), counted from `first`.
RT_INLINE Task part_of(Task task, int first, int count) {
  const int begin = task.begin > first ? task.begin - first : 0;
  const int end = task.end - first < count ? task.end - first : count;
  return {begin, end < begin ? begin : end};
}

/// Units in order; `Outer` changes slowly, `inner` counts up to `inner_count`.
template <bool BlocksOuter>
struct BlockRowRange {
  struct Iterator {
    int unit, outer, inner, inner_count;
    RT_INLINE BlockRow operator*() const { return BlocksOuter ? BlockRow{outer, inner} : BlockRow{inner, outer}; }
    RT_INLINE Iterator& operator++() {
      ++unit;
      if (++inner == inner_count) {
        inner = 0;
        ++outer;
      }
      return *this;
    }
    RT_INLINE bool operator!=(const Iterator& other) const { return unit != other.unit; }
  };
  Task units;
  int inner_count;
  RT_INLINE Iterator begin() const {
    return {units.begin, units.begin / inner_count, units.begin % inner_count, inner_count};
  }
  RT_INLINE Iterator end() const { return {units.end, 0, 0, inner_count}; }
};

/// All rows of the first channel block, then of the second: a thread reads few weights.
RT_INLINE BlockRowRange<true> blocks_outer(Task task, int first_unit, int blocks, int rows) {
  return {part_of(task, first_unit, blocks * rows), rows};
}
/// All channel blocks of the first row, then of the second: a thread reads few rows.
RT_INLINE BlockRowRange<false> rows_outer(Task task, int first_unit, int blocks, int rows) {
  return {part_of(task, first_unit, blocks * rows), blocks};
}

struct RowRange {
  struct Iterator {
    int row;
    RT_INLINE int operator*() const { return row; }
    RT_INLINE Iterator& operator++() {
      ++row;
      return *this;
    }
    RT_INLINE bool operator!=(const Iterator& other) const { return row != other.row; }
  };
  Task units;
  RT_INLINE Iterator begin() const { return {units.begin}; }
  RT_INLINE Iterator end() const { return {units.end}; }
};

/// Units that are rows.
RT_INLINE RowRange rows(Task task, int first_unit, int rows) { return {part_of(task, first_unit, rows)}; }

}  // namespace rt::inline RT_ABI
