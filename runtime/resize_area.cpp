#include "runtime/resize_area.h"

#include <math.h>
#include <string.h>

#include "runtime/resize_opencv.h"

namespace rt::inline RT_ABI {
namespace {

constexpr size_t most_kept_bytes = size_t{256} << 20;

float rounded(float value) { return fminf(255.0f, fmaxf(0.0f, nearbyintf(value))); }

/// Output i and the shares of its inputs in it; what is covered by less than a thousandth does not count.
Taps weigh(int64_t in, double scale, int64_t i, float* weights) {
  const double begin = static_cast<double>(i) * scale, end = begin + scale;
  const double cell = fmin(scale, static_cast<double>(in) - begin);
  const double last = fmin(floor(end), static_cast<double>(in - 1)), first = fmin(ceil(begin), last);
  Taps taps = {static_cast<int64_t>(first), 0};
  if (first - begin > 1e-3) {
    --taps.first;
    weights[taps.count++] = static_cast<float>((first - begin) / cell);
  }
  for (int64_t whole = static_cast<int64_t>(last - first); whole > 0; --whole)
    weights[taps.count++] = static_cast<float>(1.0 / cell);
  if (end - last > 1e-3) weights[taps.count++] = static_cast<float>(fmin(fmin(end - last, 1.0), cell) / cell);
  return taps;
}

bool build_axis(int64_t in, int64_t out, int64_t begin, int count, ResizeAxis<float>& axis) {
  const double scale = opencv_scale(in, out);
  if (!axis.allocate(static_cast<size_t>(count), static_cast<size_t>(scale) + 3)) return false;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i)
    axis.taps[i] = weigh(in, scale, begin + static_cast<int64_t>(i), axis.weights_of(i));
  return true;
}

int most_taps(const ResizeAxis<float>& axis) {
  int most = 0;
  for (size_t i = 0; i < axis.taps.size(); ++i) most = axis.taps[i].count > most ? axis.taps[i].count : most;
  return most;
}

/// `sums` += weight * `values`, or only that.
void add_scaled(const float* values, float weight, bool first, size_t count, float* sums) {
  for (size_t i = 0; i < count; ++i) sums[i] = first ? weight * values[i] : sums[i] + weight * values[i];
}

}  // namespace

bool AreaResizer::begin(const ResizeGeometry& geometry, bool rows_flipped) {
  geometry_ = geometry;
  cell_height_ = opencv_whole_scale(geometry.in_height, geometry.out_height);
  cell_width_ = opencv_whole_scale(geometry.in_width, geometry.out_width);
  const size_t count = static_cast<size_t>(geometry.height) * static_cast<size_t>(geometry.width) * 3;
  if (cell_height_ > 0 && cell_width_ > 0) return sums_.allocate(count);
  return means_.allocate(count) && begin_shares(rows_flipped);
}

bool AreaResizer::begin_shares(bool rows_flipped) {
  const ResizeGeometry& g = geometry_;
  rows_flipped_ = rows_flipped;
  if (!build_axis(g.in_width, g.out_width, g.left, g.width, horizontal_) ||
      !build_axis(g.in_height, g.out_height, g.top, g.height, vertical_)) {
    return false;
  }
  along_ = (g.transposed() ? vertical_ : horizontal_).span();
  ring_ = most_taps(g.transposed() ? horizontal_ : vertical_);
  const size_t line = static_cast<size_t>(along_.count) * 3;
  return line > 0 && static_cast<size_t>(ring_) <= most_kept_bytes / line &&
         lines_.allocate(static_cast<size_t>(ring_) * line) &&
         pass_.allocate(static_cast<size_t>(g.transposed() ? along_.count : g.width) * 3);
}

void AreaResizer::add(const Line& line) { sums_.size() > 0 ? add_whole(line) : add_shares(line); }

void AreaResizer::add_whole(const Line& line) {
  const bool transposed = geometry_.transposed();
  const int64_t place =
      line.at / (transposed ? cell_width_ : cell_height_) - (transposed ? geometry_.left : geometry_.top);
  if (place < 0 || place >= (transposed ? geometry_.width : geometry_.height)) return;
  const int64_t cell = transposed ? cell_height_ : cell_width_,
                others = transposed ? geometry_.height : geometry_.width;
  const unsigned char* from = line.first + line.step * cell * (transposed ? geometry_.top : geometry_.left);
  for (int64_t other = 0; other < others; ++other) {
    int64_t* sums = sums_.data() + 3 * (transposed ? other * geometry_.width + place : place * geometry_.width + other);
    for (int64_t k = 0; k < cell; ++k, from += line.step) {
      for (int c = 0; c < 3; ++c) sums[c] += from[c];
    }
  }
  work_ += others * cell;
}

const unsigned char* AreaResizer::kept(int64_t at) const {
  return lines_.data() + static_cast<size_t>(at % ring_) * static_cast<size_t>(along_.count) * 3;
}

void AreaResizer::add_shares(const Line& line) {
  const ResizeAxis<float>& axis = geometry_.transposed() ? horizontal_ : vertical_;
  size_t i = axis.first_reader(line.at);
  if (!axis.reads(i, line.at)) return;
  unsigned char* to = lines_.data() + (kept(line.at) - lines_.data());
  const unsigned char* from = line.first + line.step * along_.first;
  for (int k = 0; k < along_.count; ++k, from += line.step, to += 3) memcpy(to, from, 3);
  work_ += along_.count;
  for (; axis.reads(i, line.at); ++i) {
    if (line.at != (rows_flipped_ ? axis.taps[i].first : axis.taps[i].end() - 1)) continue;
    geometry_.transposed() ? finish_column(i) : finish_row(i);
  }
}

/// Output row i, whose input rows are all there.
void AreaResizer::finish_row(size_t i) {
  const size_t width = horizontal_.taps.size();
  for (int row = 0; row < vertical_.taps[i].count; ++row) {
    const unsigned char* line = kept(vertical_.taps[i].first + row);
    for (size_t j = 0; j < width; ++j) {
      const Taps taps = horizontal_.taps[j];
      const float* weights = horizontal_.weights_of(j);
      const unsigned char* from = line + 3 * (taps.first - along_.first);
      float sums[3] = {};
      for (int k = 0; k < taps.count; ++k, from += 3) {
        for (int c = 0; c < 3; ++c) sums[c] += static_cast<float>(from[c]) * weights[k];
      }
      memcpy(pass_.data() + 3 * j, sums, sizeof sums);
      work_ += taps.count;
    }
    add_scaled(pass_.data(), vertical_.weights_of(i)[row], row == 0, 3 * width, means_.data() + i * width * 3);
  }
}

/// Output column j, whose input columns are all there.
void AreaResizer::finish_column(size_t j) {
  const Taps columns = horizontal_.taps[j];
  const size_t count = static_cast<size_t>(along_.count) * 3;
  memset(pass_.data(), 0, count * sizeof(float));
  for (int k = 0; k < columns.count; ++k) {
    const unsigned char* line = kept(columns.first + k);
    const float weight = horizontal_.weights_of(j)[k];
    for (size_t y = 0; y < count; ++y) pass_[y] += static_cast<float>(line[y]) * weight;
    work_ += along_.count;
  }
  for (size_t i = 0; i < vertical_.taps.size(); ++i) {
    const Taps rows = vertical_.taps[i];
    for (int k = 0; k < rows.count; ++k) {
      add_scaled(pass_.data() + 3 * (rows.first + k - along_.first), vertical_.weights_of(i)[k], k == 0, 3,
                 means_.data() + (i * static_cast<size_t>(geometry_.width) + j) * 3);
    }
    work_ += rows.count;
  }
}

void AreaResizer::finish(float* rgb) const {
  if (sums_.size() == 0) {
    for (size_t i = 0; i < means_.size(); ++i) rgb[i] = rounded(means_[i]);
    return;
  }
  const bool four = cell_height_ == 2 && cell_width_ == 2;
  const float share = 1.0f / static_cast<float>(cell_height_ * cell_width_);
  for (size_t i = 0; i < sums_.size(); ++i)
    rgb[i] = four ? static_cast<float>((sums_[i] + 2) >> 2) : rounded(static_cast<float>(sums_[i]) * share);
}

}  // namespace rt::inline RT_ABI
