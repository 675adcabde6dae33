// OpenCV's INTER_AREA where no side grows: an output is the mean of the inputs that it covers, parts of them by their
// share. Whole numbers of inputs are summed up exactly and divided once; otherwise sums are floats, first along rows,
// then along columns, whose order decides last bits: the lines of an output are kept until the last of them is there.
#pragma once
#include "runtime/resize_line.h"

namespace rt::inline RT_ABI {

class AreaResizer {
 public:
  /// False: too much memory.
  bool begin(const ResizeGeometry& geometry, bool rows_flipped);
  void add(const Line& line);
  void finish(float* rgb) const;
  int64_t work() const { return work_; }

 private:
  bool begin_shares(bool rows_flipped);
  void add_whole(const Line& line);
  void add_shares(const Line& line);
  void finish_row(size_t i);
  void finish_column(size_t j);
  const unsigned char* kept(int64_t at) const;

  ResizeGeometry geometry_{};
  int64_t cell_height_ = 0, cell_width_ = 0;  ///< inputs of an output; 0: not whole
  Buffer<int64_t> sums_;                      ///< whole cells: [height][width][3]

  bool rows_flipped_ = false;
  ResizeAxis<float> horizontal_, vertical_;
  Taps along_{};                 ///< the part of a line that outputs read
  int ring_ = 0;                 ///< lines kept
  Buffer<unsigned char> lines_;  ///< [ring_][along_.count][3]
  Buffer<float> pass_;           ///< one line after the first pass
  Buffer<float> means_;          ///< [height][width][3]
  int64_t work_ = 0;
};

}  // namespace rt::inline RT_ABI
