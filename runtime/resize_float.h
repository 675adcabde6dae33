// Bilinear without antialiasing and without rounding to 8 bits, as TensorFlow does it: in double, rounded once to
// float. TensorFlow.js on the CPU gives these very bits (align_corners: but for the double's last bit in a
// position); TensorFlow's own kernels compute positions and sums in float.
#pragma once
#include "runtime/resize_samples.h"

namespace rt::inline RT_ABI {

/// Where output i lies between the inputs: tf_bilinear (i + 0.5) * (in / out) - 0.5, tf1_bilinear i * (in / out),
/// bilinear_align_corners i * (in - 1) / (out - 1), which meets whole positions exactly.
bool build_float_axis(Filter filter, int64_t in, int64_t out, int64_t begin, int count, SampleAxis& axis);

/// Between the neighbours in a row, then between the rows.
void float_pixel(const Neighbours& around, float* rgb);

/// Whether a filter is one of these.
inline bool gives_fractions(Filter filter) {
  return filter == Filter::tf_bilinear || filter == Filter::tf1_bilinear || filter == Filter::bilinear_align_corners;
}

}  // namespace rt::inline RT_ABI
