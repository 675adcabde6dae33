// Pictures row by row -> the part of the resized, upright picture that the network looks at.
// Bilinear, bicubic, area (Pillow's BOX) and nearest give Pillow's very bytes: two passes, first along the upright
// picture's rows, then along its columns, each with 22-bit fixed-point weights and rounded to 8 bits. Only the wanted
// part is computed and only sums are kept, so a photo of 100 million pixels needs a few megabytes.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/buffer.h"
#include "runtime/image.h"

namespace rt::inline RT_ABI {

/// Numbers as in rt::Preprocess::filter.
enum class Filter { bilinear, bicubic, area, nearest, bilinear_align_corners };

struct ResizeGeometry {
  int64_t in_height, in_width;    ///< upright
  int64_t out_height, out_width;  ///< of the whole resized picture
  int64_t top, left;              ///< the wanted part's place in it
  int height, width;              ///< the wanted part's size
  int orientation;                ///< EXIF: how the stored rows lie in the upright picture
  Filter filter;
};

/// Weights are fractions of 1 << weight_bits, as in Pillow.
inline constexpr int weight_bits = 22;

/// The weighted sums that make one axis of the output: output i is the sum over k of weights[i * stride + k] * in[first
/// + k].
struct ResizeAxis {
  struct Taps {
    int64_t first;
    int count;
  };
  Buffer<Taps> taps;
  Buffer<int32_t> weights;
  size_t stride = 0;

  /// Outputs [begin, begin + count) of `out`, from `in` inputs. False: not enough memory within the cap.
  bool build(Filter filter, int64_t in, int64_t out, int64_t begin, int count);
  const int32_t* weights_of(int i) const { return weights.data() + static_cast<size_t>(i) * stride; }
};

/// Corner-aligned sampling: output i lies between inputs `low` and `high`, `fraction` of the way.
struct CornerPoint {
  int64_t low, high;
  double fraction;
};

class Resizer {
 public:
  bool begin(const ResizeGeometry& geometry, ImageReport& report);
  /// The next stored row, R, G, B.
  void row(const unsigned char* rgb);
  /// When all rows were given: writes [height][width][3], values 0 to 255; whole numbers but for corner-aligned
  /// sampling.
  void finish(float* rgb) const;

 private:
  bool begin_sums(ImageReport& report);
  bool begin_corners(ImageReport& report);
  int64_t column_of(int64_t upright) const;
  void across_row(const unsigned char* rgb);
  void add_row(int64_t y, const unsigned char* rgb);
  void add_column(int64_t x, const unsigned char* rgb);
  void finish_column(int j);
  void sample_corners(int64_t line, const unsigned char* rgb);
  void copy_corners(bool second, int i, const unsigned char* rgb);

  ResizeGeometry geometry_{};
  bool transposed_ = false;       ///< a stored row is a column of the upright picture
  bool rows_flipped_ = false;     ///< stored rows run from the upright picture's far side
  bool columns_flipped_ = false;  ///< so do the pixels within a stored row
  int64_t next_row_ = 0;

  ResizeAxis horizontal_, vertical_;
  Buffer<int32_t> sums_;  ///< not transposed: [height][width][3]; else [ring_][span_][3], columns not yet complete
  Buffer<unsigned char> line_;         ///< one line after the first pass: [width or span_][3]
  Buffer<unsigned char> out_;          ///< transposed only: [height][width][3]
  int ring_ = 1;                       ///< output columns that are summed up at the same time
  int64_t span_first_ = 0, span_ = 0;  ///< upright rows that the second pass reads

  Buffer<CornerPoint> across_, down_;
  Buffer<unsigned char> corners_;  ///< [height][width][3][4]: upper left, upper right, lower left, lower right
};

}  // namespace rt::inline RT_ABI
