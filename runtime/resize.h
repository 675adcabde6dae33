// Pictures row by row -> the part of the resized, upright picture that the network looks at.
// Filters are named after the library whose values they give: Pillow's (resize_pillow.h), OpenCV's on 8 bits
// (resize_opencv.h, resize_area.h) bit for bit, TensorFlow's (resize_float.h) exactly, rounded once. Only the wanted
// part is computed and only sums or neighbours are kept, so a photo of 100 million pixels needs a few megabytes,
// however it is turned.
#pragma once
#include <stdint.h>

#include "runtime/image.h"
#include "runtime/resize_area.h"
#include "runtime/resize_float.h"
#include "runtime/resize_line.h"
#include "runtime/resize_pillow.h"
#include "runtime/resize_samples.h"

namespace rt::inline RT_ABI {

class Resizer {
 public:
  bool begin(const ResizeGeometry& geometry, ImageReport& report);
  /// The next stored row, R, G, B.
  void row(const unsigned char* rgb);
  /// When all rows were given: writes [height][width][3], values 0 to 255; whole numbers but for TensorFlow's filters.
  void finish(float* rgb) const;
  /// Steps of inner loops so far: what the bound in image.h is about.
  int64_t work() const { return work_ + pillow_.work() + area_.work() + samples_.work(); }

 private:
  /// Who does the work for a filter and a pair of sizes.
  enum class Method { pillow, area, samples };
  static Method method_of(const ResizeGeometry& geometry);

  ResizeGeometry geometry_{};
  Method method_ = Method::pillow;
  bool rows_flipped_ = false;     ///< stored rows run from the upright picture's far side
  bool columns_flipped_ = false;  ///< so do the pixels within a stored row
  int64_t next_row_ = 0, work_ = 0;

  PillowResizer pillow_;
  AreaResizer area_;
  SampleResizer samples_;
};

}  // namespace rt::inline RT_ABI
