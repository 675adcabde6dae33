#include "runtime/resize_samples.h"

#include <string.h>

#include "runtime/resize_float.h"
#include "runtime/resize_opencv.h"

namespace rt::inline RT_ABI {
namespace {

bool build_axis(const ResizeGeometry& g, bool vertical, SampleAxis& axis) {
  const int64_t in = vertical ? g.in_height : g.in_width, out = vertical ? g.out_height : g.out_width,
                begin = vertical ? g.top : g.left;
  const int count = vertical ? g.height : g.width;
  return gives_fractions(g.filter) ? build_float_axis(g.filter, in, out, begin, count, axis)
                                   : build_opencv_axis(g.filter, in, out, begin, count, vertical, axis);
}

}  // namespace

bool SampleAxis::allocate(int count, int taps_each) {
  taps = taps_each;
  const size_t places = static_cast<size_t>(count) * static_cast<size_t>(taps);
  return sources.allocate(places) && weights.allocate(places);
}

int SampleAxis::first_reader(int tap, int64_t at) const {
  int low = 0, high = outputs();
  while (low < high) {
    const int middle = (low + high) / 2;
    if (source(middle, tap) >= at) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

bool SampleResizer::begin(const ResizeGeometry& geometry) {
  geometry_ = geometry;
  return build_axis(geometry, true, down_) && build_axis(geometry, false, across_) &&
         pixels_.allocate(static_cast<size_t>(geometry.height) * static_cast<size_t>(geometry.width) *
                          static_cast<size_t>(down_.taps * across_.taps * 3));
}

unsigned char* SampleResizer::neighbours(int i, int j) {
  const int64_t place = int64_t{i} * geometry_.width + j;
  return pixels_.data() + place * down_.taps * across_.taps * 3;
}

void SampleResizer::add(const Line& line) {
  const SampleAxis& axis = geometry_.transposed() ? across_ : down_;
  for (int tap = 0; tap < axis.taps; ++tap) {
    for (int place = axis.first_reader(tap, line.at); place < axis.outputs() && axis.source(place, tap) == line.at;
         ++place) {
      keep(line, place, tap);
    }
  }
}

/// The line is neighbour number `tap` of the outputs in line `place`: a row of them, or a column.
void SampleResizer::keep(const Line& line, int place, int tap) {
  const bool transposed = geometry_.transposed();
  const SampleAxis& along = transposed ? down_ : across_;
  for (int other = 0; other < along.outputs(); ++other) {
    unsigned char* to = transposed ? neighbours(other, place) : neighbours(place, other);
    for (int k = 0; k < along.taps; ++k) {
      const int row = transposed ? k : tap, column = transposed ? tap : k;
      memcpy(to + 3 * (row * across_.taps + column), line.first + line.step * along.source(other, k), 3);
    }
  }
  work_ += int64_t{along.outputs()} * along.taps;
}

void SampleResizer::finish(float* rgb) const {
  const int each = down_.taps * across_.taps * 3;
  const unsigned char* pixels = pixels_.data();
  for (int i = 0; i < geometry_.height; ++i) {
    for (int j = 0; j < geometry_.width; ++j, pixels += each, rgb += 3) {
      const Neighbours around = {pixels, across_.taps, down_.weights_of(i), across_.weights_of(j)};
      if (gives_fractions(geometry_.filter)) {
        float_pixel(around, rgb);
      } else {
        opencv_pixel(geometry_, geometry_.left + j, around, rgb);
      }
    }
  }
}

}  // namespace rt::inline RT_ABI
