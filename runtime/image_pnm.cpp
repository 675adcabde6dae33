// PNM: P5 (gray) and P6 (RGB), binary, maxval up to 65535.
#include <math.h>
#include <string.h>

#include "runtime/buffer.h"
#include "runtime/image.h"

namespace rt::inline RT_ABI {
namespace {

bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Reads the header's numbers; `#` starts a comment up to the line's end.
struct HeaderReader {
  Bytes file;
  size_t at;

  void skip_to_number() {
    while (at < file.size && (is_space(file.data[at]) || file.data[at] == '#')) {
      if (file.data[at] == '#') {
        while (at < file.size && file.data[at] != '\n' && file.data[at] != '\r') ++at;
      } else {
        ++at;
      }
    }
  }

  /// -1: no number here, or one of more than ten digits.
  int64_t number() {
    skip_to_number();
    int64_t value = 0;
    int digits = 0;
    for (; at < file.size && file.data[at] >= '0' && file.data[at] <= '9'; ++at) {
      if (++digits > 10) return -1;
      value = 10 * value + (file.data[at] - '0');
    }
    return digits == 0 ? -1 : value;
  }
};

struct PnmHeader {
  int64_t width, height, maxval;
  int channels;
  size_t data;
};

bool read_header(Bytes file, PnmHeader& header, ImageReport& report) {
  HeaderReader reader{file, 2};
  header.channels = file.data[1] == '6' ? 3 : 1;
  const bool spaced = file.size > 2 && (is_space(file.data[2]) || file.data[2] == '#');
  header.width = spaced ? reader.number() : -1;
  header.height = reader.number();
  header.maxval = reader.number();
  if (header.width < 0 || header.height < 0 || header.maxval < 0 || reader.at >= file.size ||
      !is_space(file.data[reader.at])) {
    return image_error(report, status_damaged_image, "this PNM file has no header of width, height and largest value");
  }
  header.data = reader.at + 1;
  if (header.maxval < 1 || header.maxval > 65535) {
    return image_error(report, status_damaged_image, "the largest value of this PNM file is %lld, not in 1 to 65535",
                       static_cast<long long>(header.maxval));
  }
  return true;
}

/// Values up to maxval -> 8 bits: rounded half to even as Pillow does; 16-bit values by the high byte.
void fill_table(int64_t maxval, unsigned char* table) {
  const double full = maxval > 255 ? 65535.0 : 255.0;
  for (int64_t v = 0; v <= (maxval > 255 ? 65535 : 255); ++v) {
    const double scaled = fmin(full, nearbyint(static_cast<double>(v) / static_cast<double>(maxval) * full));
    table[v] = static_cast<unsigned char>(static_cast<int>(scaled) >> (maxval > 255 ? 8 : 0));
  }
}

void convert_row(const PnmHeader& header, const unsigned char* from, const unsigned char* table,
                 Buffer<unsigned char>& rgb) {
  const int bytes = header.maxval > 255 ? 2 : 1;
  for (size_t i = 0; i < rgb.size(); ++i) {
    const unsigned char* value = from + (header.channels == 3 ? i : i / 3) * static_cast<size_t>(bytes);
    rgb[i] = table[bytes == 1 ? value[0] : value[0] << 8 | value[1]];
  }
}

}  // namespace

bool decode_pnm(Bytes file, RowSink& sink, ImageReport& report) {
  PnmHeader header{};
  if (!read_header(file, header, report) || !begin_image(sink, header.width, header.height, 1, report)) return false;
  const size_t row_bytes = static_cast<size_t>(header.width * header.channels * (header.maxval > 255 ? 2 : 1));
  const size_t needed = row_bytes * static_cast<size_t>(header.height), present = file.size - header.data;
  if (present < needed) {
    return image_error(report, status_damaged_image, "this PNM file is cut off: %zu bytes of pixels of %zu", present,
                       needed);
  }
  Buffer<unsigned char> table, row;
  if (!table.allocate(65536) || !row.allocate(static_cast<size_t>(header.width) * 3)) {
    return image_error(report, status_out_of_memory, "not enough memory for this picture");
  }
  fill_table(header.maxval, table.data());
  for (int64_t y = 0; y < header.height; ++y) {
    convert_row(header, file.data + header.data + static_cast<size_t>(y) * row_bytes, table.data(), row);
    sink.row(sink, row.data());
  }
  return true;
}

}  // namespace rt::inline RT_ABI
