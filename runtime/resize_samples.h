// Filters that look at a fixed number of neighbours of each output pixel: those neighbours are kept as they come, in
// whatever order, and put together at the end, in the library's own order of operations.
#pragma once
#include "runtime/resize_line.h"

namespace rt::inline RT_ABI {

/// The neighbours along one axis.
struct SampleAxis {
  static constexpr int most = 4;

  int taps = 1;             ///< neighbours of an output: 1, 2 or 4
  Buffer<int64_t> sources;  ///< [outputs][taps]: inputs; tap by tap, they never decrease
  Buffer<double> weights;   ///< [outputs][taps], whole numbers for OpenCV's filters

  bool allocate(int count, int taps_each);
  const double* weights_of(int i) const { return weights.data() + static_cast<size_t>(i) * static_cast<size_t>(taps); }
  int64_t source(int i, int tap) const {
    return sources[static_cast<size_t>(i) * static_cast<size_t>(taps) + static_cast<size_t>(tap)];
  }
  int outputs() const { return static_cast<int>(sources.size()) / taps; }
  /// The first output whose neighbour number `tap` is input `at` or one behind it.
  int first_reader(int tap, int64_t at) const;
};

class SampleResizer {
 public:
  /// False: too much memory.
  bool begin(const ResizeGeometry& geometry);
  void add(const Line& line);
  void finish(float* rgb) const;
  int64_t work() const { return work_; }

 private:
  unsigned char* neighbours(int i, int j);
  void keep(const Line& line, int place, int tap);

  ResizeGeometry geometry_{};
  SampleAxis down_, across_;
  Buffer<unsigned char> pixels_;  ///< [height][width][down_.taps][across_.taps][3]
  int64_t work_ = 0;
};

/// What an output pixel is made of: pixels[(row * across + column) * 3 + channel].
struct Neighbours {
  const unsigned char* pixels;
  int across;  ///< neighbours in a row
  const double *row_weights, *column_weights;
};

}  // namespace rt::inline RT_ABI
