// Arrays of numpy: float32 tensors in, tensors and archives of them out.
#pragma once
#include "runtime/network.h"
#include "runtime/program_files.h"
#include "runtime/program_options.h"

namespace rt::inline RT_ABI {

struct Shape {
  int64_t sizes[4];
  int rank;
};

/// A .npy file of float32, little endian, in C order: [height][width][channels] or [n][height][width][channels] of the
/// network's input; when told so, [channels][height][width] or [n][channels][height][width], which is turned while it
/// is read. Read tensor by tensor, so that its size is no matter.
class TensorReader {
 public:
  TensorReader() = default;
  TensorReader(const TensorReader&) = delete;
  TensorReader& operator=(const TensorReader&) = delete;
  ~TensorReader() { close(); }

  /// Checks type, shape and, of a regular file, size. `path` must stay where it is; "-" is standard input.
  bool open(const char* path, const Network& network, Problem& problem, Layout layout = Layout::unsaid);
  /// A shape that fits both layouts with different meanings, when none was told.
  bool ambiguous() const { return ambiguous_; }
  int64_t count() const { return count_; }
  bool next(float* tensor, Problem& problem);
  void close();

 private:
  bool read_header(const Network& network, Problem& problem);
  bool check_shape(const Network& network, const Shape& shape, Problem& problem);

  const char* path_ = nullptr;
  FILE* file_ = nullptr;
  int64_t count_ = 0;
  size_t floats_ = 0;  ///< of one tensor
  Layout layout_ = Layout::unsaid;
  bool ambiguous_ = false;
  size_t pixels_ = 0, channels_ = 0;
  Buffer<float> planes_;  ///< one tensor as it is in an NCHW file
};

inline constexpr size_t npy_header_bytes = 128;
/// The header of a float32 array, always npy_header_bytes long.
void make_npy_header(const Shape& shape, char* header);

/// A .npy file that gets one row after the other.
class RowWriter {
 public:
  /// `row`: the shape of one row. A single row of 1 x 1 pixels has rank 1.
  bool open(const char* path, const Shape& row, Problem& problem);
  bool add(const float* values, Problem& problem);
  /// A row of NaN, for an image that could not be read.
  bool add_missing(Problem& problem);
  bool finish(Problem& problem);

 private:
  OutFile file_;
  Shape row_{};
  size_t floats_ = 0;
  int64_t rows_ = 0;
};

/// An .npz file: a zip archive of .npy files, uncompressed, of at most 4 GiB.
class ArchiveWriter {
 public:
  bool open(const char* path, Problem& problem) { return file_.open(path, problem); }
  bool add(const char* name, const Shape& shape, const float* values, Problem& problem);
  bool finish(Problem& problem);

 private:
  OutFile file_;
  Buffer<char> directory_;
  size_t directory_bytes_ = 0;
  int64_t offset_ = 0;
  unsigned entries_ = 0;
};

}  // namespace rt::inline RT_ABI
