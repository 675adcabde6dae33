// What all filters share: sizes, lines of the upright picture as they come, and which inputs make an output.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/buffer.h"
#include "runtime/image.h"

namespace rt::inline RT_ABI {

/// Numbers as in rt::Preprocess::filter.
enum class Filter {
  bilinear,
  bicubic,
  box,
  nearest,
  opencv_bilinear,
  opencv_bicubic,
  opencv_nearest,
  area,
  tf_bilinear,
  tf1_bilinear,
  bilinear_align_corners
};

struct ResizeGeometry {
  int64_t full_height, full_width;  ///< the upright picture
  int64_t in_top, in_left;          ///< the part of it that is resized
  int64_t in_height, in_width;      ///< that part's size
  int64_t out_height, out_width;    ///< of the whole resized picture
  int64_t top, left;                ///< the wanted part's place in it
  int height, width;                ///< the wanted part's size
  int orientation;                  ///< EXIF: how the stored rows lie in the upright picture
  Filter filter;
  bool bgr;  ///< the network's order: where in a row a value stands decides how OpenCV rounds it

  bool transposed() const { return orientation >= 5; }  ///< a stored row is a column of the upright picture
};

/// A stored row in the upright picture.
struct Line {
  int64_t at;                  ///< its row there, or its column
  const unsigned char* first;  ///< the pixel at the left, or at the top: R, G, B
  int step;                    ///< bytes to the next pixel: 3 or -3
};

/// The inputs [first, first + count) of one output.
struct Taps {
  int64_t first;
  int count;
  int64_t end() const { return first + count; }
};

/// The weighted sums that make one axis of the output: output i is the sum over k of weights_of(i)[k] * in[first + k].
template <class Weight>
struct ResizeAxis {
  Buffer<Taps> taps;  ///< neither their begins nor their ends ever decrease
  Buffer<Weight> weights;
  size_t stride = 0;

  bool allocate(size_t outputs, size_t most_taps) {
    constexpr size_t most_weights = size_t{16} << 20;
    stride = most_taps;
    return most_taps <= most_weights / outputs && taps.allocate(outputs) && weights.allocate(outputs * most_taps);
  }
  const Weight* weights_of(size_t i) const { return weights.data() + i * stride; }
  Weight* weights_of(size_t i) { return weights.data() + i * stride; }

  /// The first output that reads input `at` or one behind it.
  size_t first_reader(int64_t at) const {
    size_t low = 0, high = taps.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (taps[middle].end() > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
  bool reads(size_t i, int64_t at) const { return i < taps.size() && taps[i].first <= at && at < taps[i].end(); }
  /// The inputs that all outputs together read.
  Taps span() const {
    const int64_t first = taps[0].first;
    return {first, static_cast<int>(taps[taps.size() - 1].end() - first)};
  }
};

inline bool no_memory_to_resize(ImageReport& report) {
  return image_error(report, status_image_too_large, "this picture's shape needs too much memory to resize");
}

}  // namespace rt::inline RT_ABI
