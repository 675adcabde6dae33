// Pillow's bilinear, bicubic, box and nearest, byte for byte: two passes, first along the upright picture's rows, then
// along its columns, each with 22-bit fixed-point weights and rounded to 8 bits; where the picture shrinks, the filter
// widens with it (antialiasing).
#pragma once
#include "runtime/resize_line.h"

namespace rt::inline RT_ABI {

/// Weights are fractions of 1 << weight_bits, as in Pillow.
inline constexpr int weight_bits = 22;

/// Outputs [begin, begin + count) of `out`, from `in` inputs. False: not enough memory within the cap.
bool build_pillow_axis(Filter filter, int64_t in, int64_t out, int64_t begin, int count, ResizeAxis<int32_t>& axis);

class PillowResizer {
 public:
  /// False: too much memory.
  bool begin(const ResizeGeometry& geometry, bool rows_flipped, bool columns_flipped);
  void add(const Line& line);
  void finish(float* rgb) const;
  int64_t work() const { return work_; }

 private:
  bool begin_columns();
  void across_row(const Line& line);
  void add_row(const Line& line);
  void add_column(const Line& line);
  void finish_column(size_t j);

  ResizeGeometry geometry_{};
  bool rows_flipped_ = false, columns_flipped_ = false;
  ResizeAxis<int32_t> horizontal_, vertical_;
  Buffer<int32_t> sums_;        ///< [height][width][3]; transposed: [ring_][span_.count][3], columns not yet complete
  Buffer<unsigned char> line_;  ///< one line after the first pass: [width or span_.count][3]
  Buffer<unsigned char> out_;   ///< transposed only: [height][width][3]
  size_t ring_ = 1;             ///< output columns that are summed up at the same time
  Taps span_{};                 ///< upright rows that the second pass reads
  int64_t work_ = 0;
};

}  // namespace rt::inline RT_ABI
