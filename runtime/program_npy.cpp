#include "runtime/program_npy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

namespace rt::inline RT_ABI {
namespace {

constexpr size_t most_header_bytes = 4096;

/// What stands behind 'key': in the header's dictionary, or null.
const char* value_of(const char* header, const char* key) {
  char quoted[32];
  snprintf(quoted, sizeof quoted, "'%s'", key);
  const char* at = strstr(header, quoted);
  if (at == nullptr) return nullptr;
  at += strlen(quoted);
  while (*at == ' ') ++at;
  if (*at != ':') return nullptr;
  ++at;
  while (*at == ' ') ++at;
  return at;
}

/// "(2, 28, 28, 1)". False when it is no tuple of up to four sizes.
bool read_shape(const char* at, Shape& shape) {
  shape.rank = 0;
  if (at == nullptr || *at != '(') return false;
  ++at;
  while (*at != ')') {
    char* end = nullptr;
    while (*at == ' ') ++at;
    if (*at < '0' || *at > '9' || shape.rank == 4) return false;
    errno = 0;
    shape.sizes[shape.rank++] = strtoll(at, &end, 10);
    if (errno != 0) return false;
    for (at = end; *at == ' ' || *at == ',';) ++at;
  }
  return true;
}

bool wrong(Problem& problem, const char* path, const char* words) {
  return set_problem(problem, exit_input, "tensor", "%s: %s", path, words);
}

/// Length of the header's text, from the bytes that stand before it; 0 when this is no .npy file.
size_t read_prologue(FILE* file) {
  unsigned char start[12];
  if (fread(start, 1, 10, file) != 10 || memcmp(start, "\x93NUMPY", 6) != 0) return 0;
  const size_t low = start[8] | static_cast<size_t>(start[9]) << 8;
  if (start[6] == 1) return low;
  if (start[6] > 3 || fread(start + 10, 1, 2, file) != 2) return 0;
  return low | static_cast<size_t>(start[10]) << 16 | static_cast<size_t>(start[11]) << 24;
}

size_t floats_of(const Shape& shape) {
  size_t floats = 1;
  for (int i = 0; i < shape.rank; ++i) floats *= static_cast<size_t>(shape.sizes[i]);
  return floats;
}

}  // namespace

bool TensorReader::open(const char* path, const Network& network, Problem& problem, Layout layout) {
  close();
  path_ = path;
  layout_ = layout;
  file_ = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
  if (file_ == nullptr) return system_problem(problem, path, errno);
  if (!read_header(network, problem)) return false;
  struct stat about;
  const long at = ftell(file_);
  if (fstat(fileno(file_), &about) != 0 || !S_ISREG(about.st_mode) || at < 0) return true;
  const uint64_t present = static_cast<uint64_t>(about.st_size - at), one = floats_ * sizeof(float);
  if (one > 0 && present / one == static_cast<uint64_t>(count_) && present % one == 0) return true;
  return set_problem(problem, exit_input, "tensor",
                     "%s: %llu bytes of values, the header says %lld tensors of %zu bytes", path,
                     static_cast<unsigned long long>(present), static_cast<long long>(count_), floats_ * sizeof(float));
}

bool TensorReader::read_header(const Network& network, Problem& problem) {
  char header[most_header_bytes + 1];
  const size_t length = read_prologue(file_);
  if (length == 0 && ferror(file_) != 0) return system_problem(problem, path_, errno);
  if (length == 0 || length > most_header_bytes || fread(header, 1, length, file_) != length) {
    return wrong(problem, path_, "no .npy file");
  }
  header[length] = 0;
  const char *type = value_of(header, "descr"), *order = value_of(header, "fortran_order");
  Shape shape{};
  if (type == nullptr || order == nullptr || !read_shape(value_of(header, "shape"), shape)) {
    return wrong(problem, path_, "no .npy file of at most four dimensions");
  }
  if (strncmp(type, "'<f4'", 5) != 0) return wrong(problem, path_, "the values must be float32, little endian ('<f4')");
  if (strncmp(order, "False", 5) != 0) return wrong(problem, path_, "the values must be in C order, not Fortran's");
  if (!check_shape(network, shape, problem)) return false;
  count_ = shape.rank == 4 ? shape.sizes[0] : 1;
  floats_ =
      static_cast<size_t>(network.height) * static_cast<size_t>(network.width) * static_cast<size_t>(network.channels);
  pixels_ = static_cast<size_t>(network.height) * static_cast<size_t>(network.width);
  channels_ = static_cast<size_t>(network.channels);
  return layout_ != Layout::nchw || planes_.resize(floats_) || system_problem(problem, path_, ENOMEM);
}

bool TensorReader::check_shape(const Network& network, const Shape& shape, Problem& problem) {
  const int64_t* sizes = shape.sizes + (shape.rank == 4 ? 1 : 0);
  const auto is = [&](int a, int b, int c) {
    return shape.rank >= 3 && sizes[0] == a && sizes[1] == b && sizes[2] == c;
  };
  const int height = network.height, width = network.width, channels = network.channels;
  const bool nhwc = is(height, width, channels), nchw = is(channels, height, width);
  const bool turned = layout_ == Layout::nchw;
  ambiguous_ = layout_ == Layout::unsaid && nhwc && nchw && channels > 1;
  if (turned ? nchw : nhwc) return true;
  if (!turned && nchw) {
    return set_problem(problem, exit_input, "tensor",
                       "%s: the shape is that of [channels, height, width]: --layout nchw takes it so; or write "
                       "[%d, %d, %d], channels last",
                       path_, height, width, channels);
  }
  const int first = turned ? channels : height, second = turned ? height : width, third = turned ? width : channels;
  return set_problem(problem, exit_input, "tensor", "%s: the shape must be [%d, %d, %d] or [n, %d, %d, %d]%s", path_,
                     first, second, third, first, second, third,
                     turned && nhwc ? ": it is that of [height, width, channels], which needs no --layout" : "");
}

bool TensorReader::next(float* tensor, Problem& problem) {
  float* const to = layout_ == Layout::nchw ? planes_.data() : tensor;
  if (fread(to, sizeof(float), floats_, file_) == floats_) {
    for (size_t c = 0; to != tensor && c < channels_; ++c) {
      for (size_t i = 0; i < pixels_; ++i) tensor[i * channels_ + c] = to[c * pixels_ + i];
    }
    return true;
  }
  return ferror(file_) != 0 ? system_problem(problem, path_, errno) : wrong(problem, path_, "the file is cut off");
}

void TensorReader::close() {
  if (file_ != nullptr && file_ != stdin) fclose(file_);
  file_ = nullptr;
  count_ = 0;
}

void make_npy_header(const Shape& shape, char* header) {
  char sizes[100] = "";
  for (int i = 0; i < shape.rank; ++i) {
    const size_t used = strlen(sizes);
    snprintf(sizes + used, sizeof sizes - used, i == 0 ? "%lld" : ", %lld", static_cast<long long>(shape.sizes[i]));
  }
  memset(header, ' ', npy_header_bytes);
  constexpr size_t text_bytes = npy_header_bytes - 10;
  memcpy(header, "\x93NUMPY\x01\x00", 8);
  header[8] = static_cast<char>(text_bytes);
  header[9] = 0;
  char text[text_bytes + 1];
  const int length = snprintf(text, sizeof text, "{'descr': '<f4', 'fortran_order': False, 'shape': (%s%s), }", sizes,
                              shape.rank == 1 ? "," : "");
  memcpy(header + 10, text, static_cast<size_t>(length));
  header[npy_header_bytes - 1] = '\n';
}

bool RowWriter::open(const char* path, const Shape& row, Problem& problem) {
  row_ = row;
  floats_ = floats_of(row);
  const char nothing[npy_header_bytes] = {};
  return file_.open(path, problem) && file_.write(nothing, sizeof nothing, problem);
}

bool RowWriter::add(const float* values, Problem& problem) {
  ++rows_;
  return file_.write(values, floats_ * sizeof(float), problem);
}

bool RowWriter::add_missing(Problem& problem) {
  const float nan = __builtin_nanf("");
  ++rows_;
  bool fine = true;
  for (size_t i = 0; fine && i < floats_; ++i) fine = file_.write(&nan, sizeof nan, problem);
  return fine;
}

bool RowWriter::finish(Problem& problem) {
  Shape shape{{rows_}, row_.rank + 1};
  for (int i = 0; i < row_.rank; ++i) shape.sizes[i + 1] = row_.sizes[i];
  char header[npy_header_bytes];
  make_npy_header(shape, header);
  return file_.seek(0, problem) && file_.write(header, sizeof header, problem) && file_.commit(problem);
}

}  // namespace rt::inline RT_ABI
