// OpenCV's INTER_LINEAR, INTER_CUBIC and INTER_NEAREST on 8 bits, bit for bit what Debian's OpenCV 4.6 gives on x86-64:
// neighbours only, no antialiasing, 11-bit weights along rows and columns. INTER_LINEAR to exactly half the size is
// INTER_AREA there, and INTER_AREA to more pixels is INTER_LINEAR with other positions.
#pragma once
#include "runtime/resize_samples.h"

namespace rt::inline RT_ABI {

/// Inputs per output, as OpenCV computes it: the inverse of a rounded quotient.
inline double opencv_scale(int64_t in, int64_t out) {
  return 1.0 / (static_cast<double>(out) / static_cast<double>(in));
}
/// n when an output is exactly n inputs, else 0.
int64_t opencv_whole_scale(int64_t in, int64_t out);
/// `area` where no side grows, `opencv_bilinear` to half: resize_area.h's work.
bool opencv_takes_areas(const ResizeGeometry& geometry);

bool build_opencv_axis(Filter filter, int64_t in, int64_t out, int64_t begin, int count, bool vertical,
                       SampleAxis& axis);

/// Output pixel at column x of the whole resized picture.
void opencv_pixel(const ResizeGeometry& geometry, int64_t x, const Neighbours& around, float* rgb);

}  // namespace rt::inline RT_ABI
