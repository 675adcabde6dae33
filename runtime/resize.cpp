#include "runtime/resize.h"

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

/// Distance between corner-aligned samples.
void place_corners(int64_t in, int64_t out, int64_t begin, int count, CornerPoint* points) {
  for (int i = 0; i < count; ++i) {
    const double at =
        out > 1 ? static_cast<double>(begin + i) * static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0.0;
    const int64_t low = static_cast<int64_t>(at);
    points[i] = {low, low + 1 < in ? low + 1 : in - 1, at - static_cast<double>(low)};
  }
}

bool no_memory(ImageReport& report) {
  return image_error(report, status_image_too_large, "this picture's shape needs too much memory to resize");
}

}  // namespace

bool Resizer::begin(const ResizeGeometry& geometry, ImageReport& report) {
  geometry_ = geometry;
  const int orientation = geometry.orientation;
  transposed_ = orientation >= 5;
  rows_flipped_ = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  columns_flipped_ = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  next_row_ = 0;
  if (geometry.out_height > max_image_pixels || geometry.out_width > max_image_pixels) {
    return image_error(report, status_image_too_large, "resized, this picture would be %lldx%lld",
                       static_cast<long long>(geometry.out_width), static_cast<long long>(geometry.out_height));
  }
  return geometry.filter == Filter::bilinear_align_corners ? begin_corners(report) : begin_sums(report);
}

bool Resizer::begin_sums(ImageReport& report) {
  const ResizeGeometry& g = geometry_;
  const size_t width = static_cast<size_t>(g.width), height = static_cast<size_t>(g.height);
  if (!horizontal_.build(g.filter, g.in_width, g.out_width, g.left, g.width) ||
      !vertical_.build(g.filter, g.in_height, g.out_height, g.top, g.height)) {
    return no_memory(report);
  }
  if (!transposed_) return (sums_.allocate(height * width * 3) && line_.allocate(width * 3)) || no_memory(report);
  const ResizeAxis::Taps last = vertical_.taps[height - 1];
  span_first_ = vertical_.taps[0].first;
  span_ = last.first + last.count - span_first_;
  ring_ = 1;
  for (size_t j = 0; j < width; ++j) {
    const int64_t end = horizontal_.taps[j].first + horizontal_.taps[j].count;
    while (j + static_cast<size_t>(ring_) < width && horizontal_.taps[j + static_cast<size_t>(ring_)].first < end)
      ++ring_;
  }
  const size_t line = static_cast<size_t>(span_) * 3;
  if (static_cast<size_t>(ring_) > most_sums / line) return no_memory(report);
  return (sums_.allocate(static_cast<size_t>(ring_) * line) && line_.allocate(line) &&
          out_.allocate(height * width * 3)) ||
         no_memory(report);
}

bool Resizer::begin_corners(ImageReport& report) {
  const ResizeGeometry& g = geometry_;
  const size_t width = static_cast<size_t>(g.width), height = static_cast<size_t>(g.height);
  if (!across_.allocate(width) || !down_.allocate(height) || !corners_.allocate(height * width * 12))
    return no_memory(report);
  place_corners(g.in_width, g.out_width, g.left, g.width, across_.data());
  place_corners(g.in_height, g.out_height, g.top, g.height, down_.data());
  return true;
}

/// Where a stored row has what the upright picture has at x (transposed: at y).
int64_t Resizer::column_of(int64_t upright) const {
  return columns_flipped_ ? (transposed_ ? geometry_.in_height : geometry_.in_width) - 1 - upright : upright;
}

void Resizer::row(const unsigned char* rgb) {
  const int64_t rows = transposed_ ? geometry_.in_width : geometry_.in_height;
  const int64_t line = rows_flipped_ ? rows - 1 - next_row_ : next_row_;
  ++next_row_;
  if (geometry_.filter == Filter::bilinear_align_corners) {
    sample_corners(line, rgb);
  } else if (transposed_) {
    add_column(line, rgb);
  } else {
    add_row(line, rgb);
  }
}

/// The first pass over an upright row: into line_.
void Resizer::across_row(const unsigned char* rgb) {
  const int step = columns_flipped_ ? -3 : 3;
  for (int j = 0; j < geometry_.width; ++j) {
    const ResizeAxis::Taps taps = horizontal_.taps[static_cast<size_t>(j)];
    const int32_t* weights = horizontal_.weights_of(j);
    const unsigned char* from = rgb + 3 * column_of(taps.first);
    int32_t red = 0, green = 0, blue = 0;
    for (int k = 0; k < taps.count; ++k, from += step) {
      red += weights[k] * from[0];
      green += weights[k] * from[1];
      blue += weights[k] * from[2];
    }
    unsigned char* to = line_.data() + 3 * j;
    to[0] = to_byte(red);
    to[1] = to_byte(green);
    to[2] = to_byte(blue);
  }
}

/// Row y through the first pass, and from there into the sums of the output rows that it belongs to.
void Resizer::add_row(int64_t y, const unsigned char* rgb) {
  const size_t line = static_cast<size_t>(geometry_.width) * 3;
  bool ready = false;
  for (int i = 0; i < geometry_.height; ++i) {
    const ResizeAxis::Taps taps = vertical_.taps[static_cast<size_t>(i)];
    if (y < taps.first) break;
    if (y >= taps.first + taps.count) continue;
    if (!ready) across_row(rgb);
    ready = true;
    add_scaled(line_.data(), vertical_.weights_of(i)[y - taps.first], line,
               sums_.data() + static_cast<size_t>(i) * line);
  }
}

/// Upright column x, which a stored row holds, into the sums of the output columns that it belongs to.
void Resizer::add_column(int64_t x, const unsigned char* rgb) {
  const size_t line = static_cast<size_t>(span_) * 3;
  const int64_t lowest = columns_flipped_ ? column_of(span_first_ + span_ - 1) : span_first_;
  for (int j = 0; j < geometry_.width; ++j) {
    const ResizeAxis::Taps taps = horizontal_.taps[static_cast<size_t>(j)];
    if (x < taps.first) break;
    if (x >= taps.first + taps.count) continue;
    int32_t* sums = sums_.data() + static_cast<size_t>(j % ring_) * line;
    add_scaled(rgb + 3 * lowest, horizontal_.weights_of(j)[x - taps.first], line, sums);
    if (x == (rows_flipped_ ? taps.first : taps.first + taps.count - 1)) finish_column(j);
  }
}

/// The second pass over output column j, whose sums are complete; its place in the ring is free again.
void Resizer::finish_column(int j) {
  const size_t line = static_cast<size_t>(span_) * 3;
  int32_t* sums = sums_.data() + static_cast<size_t>(j % ring_) * line;
  for (size_t i = 0; i < line; ++i) line_[i] = to_byte(sums[i]);
  memset(sums, 0, line * sizeof(int32_t));
  for (int i = 0; i < geometry_.height; ++i) {
    const ResizeAxis::Taps taps = vertical_.taps[static_cast<size_t>(i)];
    int32_t color[3] = {};
    for (int k = 0; k < taps.count; ++k) {
      const int64_t y = taps.first + k - span_first_;
      const unsigned char* from = line_.data() + 3 * (columns_flipped_ ? span_ - 1 - y : y);
      for (int c = 0; c < 3; ++c) color[c] += vertical_.weights_of(i)[k] * from[c];
    }
    unsigned char* to =
        out_.data() + (static_cast<size_t>(i) * static_cast<size_t>(geometry_.width) + static_cast<size_t>(j)) * 3;
    for (int c = 0; c < 3; ++c) to[c] = to_byte(color[c]);
  }
}

/// Keeps the pixels of a stored row that outputs lie between. `line`: the row's place in the upright picture.
void Resizer::sample_corners(int64_t line, const unsigned char* rgb) {
  const Buffer<CornerPoint>& points = transposed_ ? across_ : down_;
  for (size_t i = 0; i < points.size(); ++i) {
    if (points[i].low == line) copy_corners(false, static_cast<int>(i), rgb);
    if (points[i].high == line) copy_corners(true, static_cast<int>(i), rgb);
  }
}

/// Corners of output row i (transposed: column i) that are in this stored row; `second`: those below (to the right).
void Resizer::copy_corners(bool second, int i, const unsigned char* rgb) {
  const Buffer<CornerPoint>& points = transposed_ ? down_ : across_;
  const size_t width = static_cast<size_t>(geometry_.width);
  for (size_t j = 0; j < points.size(); ++j) {
    const size_t place = transposed_ ? j * width + static_cast<size_t>(i) : static_cast<size_t>(i) * width + j;
    unsigned char* to = corners_.data() + place * 12;
    const unsigned char *low = rgb + 3 * column_of(points[j].low), *high = rgb + 3 * column_of(points[j].high);
    const int one = transposed_ ? 2 : 1,
              line = transposed_ ? 1 : 2;  // steps to the pixel's neighbour, to the next row's
    for (int c = 0; c < 3; ++c) {
      to[4 * c + second * line] = low[c];
      to[4 * c + second * line + one] = high[c];
    }
  }
}

void Resizer::finish(float* rgb) const {
  const size_t width = static_cast<size_t>(geometry_.width), count = static_cast<size_t>(geometry_.height) * width * 3;
  if (geometry_.filter != Filter::bilinear_align_corners) {
    if (transposed_) {
      for (size_t i = 0; i < count; ++i) rgb[i] = out_[i];
    } else {
      for (size_t i = 0; i < count; ++i) rgb[i] = to_byte(sums_[i]);
    }
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    const unsigned char* corner = corners_.data() + 4 * i;
    const double x = across_[i / 3 % width].fraction, y = down_[i / 3 / width].fraction;
    const double upper = corner[0] + (corner[1] - corner[0]) * x, lower = corner[2] + (corner[3] - corner[2]) * x;
    rgb[i] = static_cast<float>(upper + (lower - upper) * y);
  }
}

}  // namespace rt::inline RT_ABI
