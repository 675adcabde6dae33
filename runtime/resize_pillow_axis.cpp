// Which inputs make an output, and with what weight: the arithmetic of Pillow's Resample.c, operation by operation,
// since the weights' last bits decide pixels.
#include <math.h>

#include "runtime/resize_pillow.h"

namespace rt::inline RT_ABI {
namespace {

double kernel(Filter filter, double x) {
  if (filter == Filter::box) return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
  if (x < 0.0) x = -x;
  if (filter == Filter::bilinear) return x < 1.0 ? 1.0 - x : 0.0;
  constexpr double a = -0.5;
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double half_width(Filter filter) { return filter == Filter::box ? 0.5 : filter == Filter::bilinear ? 1.0 : 2.0; }

int32_t fixed_point(double weight) {
  const double scaled = weight * (1 << weight_bits);
  return static_cast<int32_t>(weight < 0 ? -0.5 + scaled : 0.5 + scaled);
}

/// Output i of `out` from `in` inputs: weights into `values`, their number and first input into `taps`.
void weigh(Filter filter, int64_t in, double scale, int64_t i, Taps& taps, double* values) {
  const double filter_scale = scale < 1.0 ? 1.0 : scale, support = half_width(filter) * filter_scale;
  const double center = (static_cast<double>(i) + 0.5) * scale, step = 1.0 / filter_scale;
  int64_t low = static_cast<int64_t>(floor(center - support + 0.5)),
          high = static_cast<int64_t>(floor(center + support + 0.5));
  if (low < 0) low = 0;
  if (high > in) high = in;
  taps = {low, static_cast<int>(high - low)};
  double sum = 0.0;
  for (int k = 0; k < taps.count; ++k) {
    values[k] = kernel(filter, (static_cast<double>(k + low) - center + 0.5) * step);
    sum += values[k];
  }
  if (sum == 0.0) return;
  for (int k = 0; k < taps.count; ++k) values[k] /= sum;
}

/// One input each, at positions that Pillow adds up one step after the other.
bool build_nearest(ResizeAxis<int32_t>& axis, int64_t in, int64_t out, int64_t begin, int count) {
  if (!axis.allocate(static_cast<size_t>(count), 1)) return false;
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  double at = scale * 0.5;
  for (int64_t i = 0; i < begin + count; ++i, at += scale) {
    if (i < begin) continue;
    const int64_t from = static_cast<int64_t>(at);
    axis.taps[static_cast<size_t>(i - begin)] = {from < in ? from : in - 1, 1};
    axis.weights[static_cast<size_t>(i - begin)] = from < in ? 1 << weight_bits : 0;
  }
  return true;
}

}  // namespace

bool build_pillow_axis(Filter filter, int64_t in, int64_t out, int64_t begin, int count, ResizeAxis<int32_t>& axis) {
  if (in == out || filter == Filter::nearest) return build_nearest(axis, in, out, begin, count);
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const double support = half_width(filter) * (scale < 1.0 ? 1.0 : scale);
  const size_t stride = static_cast<size_t>(ceil(support)) * 2 + 1;
  Buffer<double> values;
  if (!axis.allocate(static_cast<size_t>(count), stride) || !values.allocate(stride)) return false;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    weigh(filter, in, scale, begin + static_cast<int64_t>(i), axis.taps[i], values.data());
    for (size_t k = 0; k < static_cast<size_t>(axis.taps[i].count); ++k)
      axis.weights[i * axis.stride + k] = fixed_point(values[k]);
  }
  return true;
}

}  // namespace rt::inline RT_ABI
