#include "runtime/resize_float.h"

#include <math.h>

namespace rt::inline RT_ABI {

bool build_float_axis(Filter filter, int64_t in, int64_t out, int64_t begin, int count, SampleAxis& axis) {
  if (!axis.allocate(count, 2)) return false;
  const double step = static_cast<double>(in) / static_cast<double>(out);
  for (int i = 0; i < count; ++i) {
    const double number = static_cast<double>(begin + i);
    const double at = filter == Filter::tf_bilinear    ? step * (number + 0.5) - 0.5
                      : filter == Filter::tf1_bilinear ? step * number
                      : out > 1 ? number * static_cast<double>(in - 1) / static_cast<double>(out - 1)
                                : 0.0;
    const double low = fmax(0.0, floor(at)), high = fmin(static_cast<double>(in - 1), fmax(0.0, ceil(at)));
    const size_t place = 2 * static_cast<size_t>(i);
    axis.sources[place] = static_cast<int64_t>(fmin(low, static_cast<double>(in - 1)));
    axis.sources[place + 1] = static_cast<int64_t>(high);
    axis.weights[place] = at - low;  // how far behind the first neighbour; the second has no weight of its own
  }
  return true;
}

void float_pixel(const Neighbours& around, float* rgb) {
  const double down = around.row_weights[0], across = around.column_weights[0];
  for (int c = 0; c < 3; ++c) {
    const unsigned char *upper = around.pixels + c, *lower = upper + 6;
    const double top = upper[0] + (upper[3] - upper[0]) * across, bottom = lower[0] + (lower[3] - lower[0]) * across;
    rgb[c] = static_cast<float>(top + (bottom - top) * down);
  }
}

}  // namespace rt::inline RT_ABI
