#include "runtime/resize_opencv.h"

#include <float.h>
#include <math.h>

namespace rt::inline RT_ABI {
namespace {

constexpr int coefficient_bits = 11;
constexpr float one = 1 << coefficient_bits;

unsigned char clipped(int64_t value) { return static_cast<unsigned char>(value < 0 ? 0 : value > 255 ? 255 : value); }

int64_t within(int64_t at, int64_t in) { return at < 0 ? 0 : at >= in ? in - 1 : at; }

/// Where an output lies: behind input `low` by `fraction`.
struct Position {
  int64_t low;
  float fraction;
};

/// Centres of pixels lie upon each other.
Position centred(int64_t in, int64_t out, int64_t i) {
  const float at = static_cast<float>((static_cast<double>(i) + 0.5) * opencv_scale(in, out) - 0.5);
  const float low = floorf(at);
  return {static_cast<int64_t>(low), at - low};
}

/// INTER_AREA to more pixels: the share of the next input in an output pixel.
Position shared(int64_t in, int64_t out, int64_t i) {
  const int64_t low = static_cast<int64_t>(floor(static_cast<double>(i) * opencv_scale(in, out)));
  const double inverse = static_cast<double>(out) / static_cast<double>(in);
  const float behind = static_cast<float>(static_cast<double>(i + 1) - static_cast<double>(low + 1) * inverse);
  return {low, behind <= 0 ? 0.0f : behind - floorf(behind)};
}

void cubic_weights(float x, float* weights) {
  constexpr float a = -0.75f;
  const float y = 1.0f - x;
  weights[0] = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a;
  weights[1] = ((a + 2) * x - (a + 3)) * x * x + 1;
  weights[2] = ((a + 2) * y - (a + 3)) * y * y + 1;
  weights[3] = 1.0f - weights[0] - weights[1] - weights[2];
}

/// Beyond the first and the last input INTER_LINEAR reads that input alone along a row; along a column it adds it to
/// itself, with the weights of the place, and rounds twice.
void place(Filter filter, int64_t in, Position at, bool vertical, int64_t* sources, double* weights) {
  float values[SampleAxis::most];
  const bool cubic = filter == Filter::opencv_bicubic;
  if (cubic) {
    cubic_weights(at.fraction, values);
  } else {
    if (!vertical && (at.low < 0 || at.low >= in - 1)) at = {within(at.low, in), 0.0f};
    values[0] = 1.0f - at.fraction;
    values[1] = at.fraction;
  }
  for (int k = 0; k < (cubic ? 4 : 2); ++k) {
    sources[k] = within(at.low + k - (cubic ? 1 : 0), in);
    weights[k] = static_cast<double>(nearbyintf(values[k] * one));
  }
}

/// The first pass, along a row of neighbours.
int64_t across(const Neighbours& around, int row, int c) {
  const unsigned char* from = around.pixels + row * around.across * 3 + c;
  int64_t sum = 0;
  for (int k = 0; k < around.across; ++k) sum += static_cast<int64_t>(around.column_weights[k]) * from[3 * k];
  return sum;
}

unsigned char linear(const Neighbours& around, int c) {
  int64_t sum = 2;
  for (int row = 0; row < 2; ++row)
    sum += static_cast<int64_t>(around.row_weights[row]) * (across(around, row, c) >> 4) >> 16;
  return clipped(sum >> 2);
}

/// Eight values of a row at a time go through OpenCV's vector registers, in float; what is left at its end does not.
unsigned char cubic(const Neighbours& around, int c, bool in_vectors) {
  if (!in_vectors) {
    int64_t sum = 1 << (2 * coefficient_bits - 1);
    for (int row = 0; row < 4; ++row) sum += static_cast<int64_t>(around.row_weights[row]) * across(around, row, c);
    return clipped(sum >> 2 * coefficient_bits);
  }
  constexpr float scale = 1.0f / (one * one);
  float sum = 0.0f;
  for (int row = 3; row >= 0; --row)
    sum = static_cast<float>(across(around, row, c)) * (static_cast<float>(around.row_weights[row]) * scale) + sum;
  return clipped(static_cast<int64_t>(nearbyintf(sum)));
}

}  // namespace

int64_t opencv_whole_scale(int64_t in, int64_t out) {
  const double scale = opencv_scale(in, out), whole = nearbyint(scale);
  return fabs(scale - whole) < DBL_EPSILON ? static_cast<int64_t>(whole) : 0;
}

bool opencv_takes_areas(const ResizeGeometry& g) {
  if (g.filter == Filter::area) return g.in_height >= g.out_height && g.in_width >= g.out_width;
  return g.filter == Filter::opencv_bilinear && opencv_whole_scale(g.in_height, g.out_height) == 2 &&
         opencv_whole_scale(g.in_width, g.out_width) == 2;
}

bool build_opencv_axis(Filter filter, int64_t in, int64_t out, int64_t begin, int count, bool vertical,
                       SampleAxis& axis) {
  const int taps = filter == Filter::opencv_nearest ? 1 : filter == Filter::opencv_bicubic ? 4 : 2;
  if (!axis.allocate(count, taps)) return false;
  for (int i = 0; i < count; ++i) {
    int64_t* sources = axis.sources.data() + i * taps;
    if (filter == Filter::opencv_nearest) {
      sources[0] = within(static_cast<int64_t>(floor(static_cast<double>(begin + i) * opencv_scale(in, out))), in);
    } else {
      const Position at = filter == Filter::area ? shared(in, out, begin + i) : centred(in, out, begin + i);
      place(filter, in, at, vertical, sources, axis.weights.data() + i * taps);
    }
  }
  return true;
}

void opencv_pixel(const ResizeGeometry& geometry, int64_t x, const Neighbours& around, float* rgb) {
  for (int c = 0; c < 3; ++c) {
    if (geometry.filter == Filter::opencv_nearest) {
      rgb[c] = around.pixels[c];
    } else if (geometry.filter == Filter::opencv_bicubic) {
      const int64_t value = 3 * x + (geometry.bgr ? 2 - c : c);
      rgb[c] = cubic(around, c, value < 3 * geometry.out_width / 8 * 8);
    } else {
      rgb[c] = linear(around, c);
    }
  }
}

}  // namespace rt::inline RT_ABI
