#include "runtime/resize_pillow.h"

#include <string.h>

namespace rt::inline RT_ABI {
namespace {

constexpr size_t most_sums = size_t{64} << 20;

/// Fixed point -> 8 bits, rounded and clipped.
unsigned char to_byte(int32_t sum) {
  const int32_t value = (sum + (1 << (weight_bits - 1))) >> weight_bits;
  return static_cast<unsigned char>(value < 0 ? 0 : value > 255 ? 255 : value);
}

void add_scaled(const unsigned char* values, int32_t weight, size_t count, int32_t* sums) {
  for (size_t i = 0; i < count; ++i) sums[i] += weight * values[i];
}

}  // namespace

bool PillowResizer::begin(const ResizeGeometry& geometry, bool rows_flipped, bool columns_flipped) {
  geometry_ = geometry;
  rows_flipped_ = rows_flipped;
  columns_flipped_ = columns_flipped;
  const ResizeGeometry& g = geometry_;
  if (!build_pillow_axis(g.filter, g.in_width, g.out_width, g.left, g.width, horizontal_) ||
      !build_pillow_axis(g.filter, g.in_height, g.out_height, g.top, g.height, vertical_)) {
    return false;
  }
  if (g.transposed()) return begin_columns();
  const size_t line = static_cast<size_t>(g.width) * 3;
  return sums_.allocate(static_cast<size_t>(g.height) * line) && line_.allocate(line);
}

bool PillowResizer::begin_columns() {
  const size_t width = static_cast<size_t>(geometry_.width), height = static_cast<size_t>(geometry_.height);
  span_ = vertical_.span();
  ring_ = 1;
  for (size_t j = 0; j < width; ++j) {
    while (j + ring_ < width && horizontal_.taps[j + ring_].first < horizontal_.taps[j].end()) ++ring_;
  }
  const size_t line = static_cast<size_t>(span_.count) * 3;
  return ring_ <= most_sums / line && sums_.allocate(ring_ * line) && line_.allocate(line) &&
         out_.allocate(height * width * 3);
}

void PillowResizer::add(const Line& line) { geometry_.transposed() ? add_column(line) : add_row(line); }

/// The first pass over an upright row: into line_.
void PillowResizer::across_row(const Line& line) {
  for (size_t j = 0; j < horizontal_.taps.size(); ++j) {
    const Taps taps = horizontal_.taps[j];
    const int32_t* weights = horizontal_.weights_of(j);
    const unsigned char* from = line.first + line.step * taps.first;
    int32_t red = 0, green = 0, blue = 0;
    for (int k = 0; k < taps.count; ++k, from += line.step) {
      red += weights[k] * from[0];
      green += weights[k] * from[1];
      blue += weights[k] * from[2];
    }
    unsigned char* to = line_.data() + 3 * j;
    to[0] = to_byte(red);
    to[1] = to_byte(green);
    to[2] = to_byte(blue);
    work_ += taps.count;
  }
}

/// A row through the first pass, and from there into the sums of the output rows that it belongs to.
void PillowResizer::add_row(const Line& line) {
  const size_t count = static_cast<size_t>(geometry_.width) * 3, first = vertical_.first_reader(line.at);
  for (size_t i = first; vertical_.reads(i, line.at); ++i) {
    if (i == first) across_row(line);
    add_scaled(line_.data(), vertical_.weights_of(i)[line.at - vertical_.taps[i].first], count,
               sums_.data() + i * count);
    work_ += geometry_.width;
  }
}

/// An upright column, which a stored row holds, into the sums of the output columns that it belongs to.
void PillowResizer::add_column(const Line& line) {
  const size_t count = static_cast<size_t>(span_.count) * 3;
  const unsigned char* from = line.first + line.step * (columns_flipped_ ? span_.end() - 1 : span_.first);
  for (size_t j = horizontal_.first_reader(line.at); horizontal_.reads(j, line.at); ++j) {
    const Taps taps = horizontal_.taps[j];
    add_scaled(from, horizontal_.weights_of(j)[line.at - taps.first], count, sums_.data() + j % ring_ * count);
    work_ += span_.count;
    if (line.at == (rows_flipped_ ? taps.first : taps.end() - 1)) finish_column(j);
  }
}

/// The second pass over output column j, whose sums are complete; its place in the ring is free again.
void PillowResizer::finish_column(size_t j) {
  const size_t count = static_cast<size_t>(span_.count) * 3;
  int32_t* sums = sums_.data() + j % ring_ * count;
  for (size_t i = 0; i < count; ++i) line_[i] = to_byte(sums[i]);
  memset(sums, 0, count * sizeof(int32_t));
  for (size_t i = 0; i < vertical_.taps.size(); ++i) {
    const Taps taps = vertical_.taps[i];
    const int32_t* weights = vertical_.weights_of(i);
    int32_t color[3] = {};
    for (int k = 0; k < taps.count; ++k) {
      const int64_t y = taps.first + k - span_.first;
      const unsigned char* from = line_.data() + 3 * (columns_flipped_ ? span_.count - 1 - y : y);
      for (int c = 0; c < 3; ++c) color[c] += weights[k] * from[c];
    }
    unsigned char* to = out_.data() + (i * static_cast<size_t>(geometry_.width) + j) * 3;
    for (int c = 0; c < 3; ++c) to[c] = to_byte(color[c]);
    work_ += taps.count;
  }
  work_ += span_.count;
}

void PillowResizer::finish(float* rgb) const {
  const size_t count = static_cast<size_t>(geometry_.height) * static_cast<size_t>(geometry_.width) * 3;
  for (size_t i = 0; i < count; ++i) rgb[i] = geometry_.transposed() ? out_[i] : to_byte(sums_[i]);
}

}  // namespace rt::inline RT_ABI
