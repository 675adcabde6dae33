#include "runtime/resize.h"

#include "runtime/resize_opencv.h"

namespace rt::inline RT_ABI {

Resizer::Method Resizer::method_of(const ResizeGeometry& geometry) {
  switch (geometry.filter) {
    case Filter::bilinear:
    case Filter::bicubic:
    case Filter::box:
    case Filter::nearest:
      return Method::pillow;
    case Filter::opencv_bilinear:
    case Filter::area:
      return opencv_takes_areas(geometry) ? Method::area : Method::samples;
    case Filter::opencv_bicubic:
    case Filter::opencv_nearest:
    case Filter::tf_bilinear:
    case Filter::tf1_bilinear:
    case Filter::bilinear_align_corners:
      return Method::samples;
  }
  return Method::samples;
}

bool Resizer::begin(const ResizeGeometry& geometry, ImageReport& report) {
  geometry_ = geometry;
  method_ = method_of(geometry);
  const int orientation = geometry.orientation;
  rows_flipped_ = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  columns_flipped_ = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  next_row_ = 0;
  if (geometry.out_height > max_image_pixels || geometry.out_width > max_image_pixels) {
    return image_error(report, status_image_too_large, "resized, this picture would be %lldx%lld",
                       static_cast<long long>(geometry.out_width), static_cast<long long>(geometry.out_height));
  }
  switch (method_) {
    case Method::pillow:
      return pillow_.begin(geometry, rows_flipped_, columns_flipped_) || no_memory_to_resize(report);
    case Method::area:
      return area_.begin(geometry, rows_flipped_) || no_memory_to_resize(report);
    case Method::samples:
      return samples_.begin(geometry) || no_memory_to_resize(report);
  }
  return false;
}

void Resizer::row(const unsigned char* rgb) {
  const bool transposed = geometry_.transposed();
  const int64_t rows = transposed ? geometry_.full_width : geometry_.full_height,
                pixels = transposed ? geometry_.full_height : geometry_.full_width;
  const int64_t at =
      (rows_flipped_ ? rows - 1 - next_row_ : next_row_) - (transposed ? geometry_.in_left : geometry_.in_top);
  ++next_row_;
  ++work_;
  if (at < 0 || at >= (transposed ? geometry_.in_width : geometry_.in_height)) return;
  const int64_t first = transposed ? geometry_.in_top : geometry_.in_left;
  const Line line = {at, rgb + 3 * (columns_flipped_ ? pixels - 1 - first : first), columns_flipped_ ? -3 : 3};
  switch (method_) {
    case Method::pillow:
      return pillow_.add(line);
    case Method::area:
      return area_.add(line);
    case Method::samples:
      return samples_.add(line);
  }
}

void Resizer::finish(float* rgb) const {
  switch (method_) {
    case Method::pillow:
      return pillow_.finish(rgb);
    case Method::area:
      return area_.finish(rgb);
    case Method::samples:
      return samples_.finish(rgb);
  }
}

}  // namespace rt::inline RT_ABI
