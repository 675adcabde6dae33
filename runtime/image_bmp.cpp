// BMP: 1, 4, 8 (palette), 16, 24 and 32 bits, bottom-up and top-down, without run-length compression.
#include <string.h>

#include "runtime/buffer.h"
#include "runtime/image.h"

namespace rt::inline RT_ABI {
namespace {

constexpr uint32_t no_compression = 0, bit_fields = 3;
constexpr size_t file_header_bytes = 14;
constexpr uint32_t core_header_bytes = 12;  // of OS/2; sizes in 16 bits, palette entries of three bytes

struct BmpHeader {
  int64_t width, height;
  bool top_down;
  int bits;
  size_t row_bytes, data;
  uint32_t masks[4];              ///< red, green, blue, alpha
  uint32_t colors;                ///< of the palette
  unsigned char palette[256][3];  ///< R, G, B
};

uint32_t little_endian(Bytes file, size_t at, int count) {
  uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i)
    value = value << 8 | (at + static_cast<size_t>(i) < file.size ? file.data[at + static_cast<size_t>(i)] : 0u);
  return value;
}

/// A channel's place in a pixel of 16 or 32 bits.
struct Mask {
  int shift = 0;
  uint32_t largest = 0;  ///< 0: no such channel

  explicit Mask(uint32_t mask) {
    if (mask == 0) return;
    shift = __builtin_ctz(mask);
    largest = mask >> shift;
  }
  unsigned char of(uint32_t pixel) const {
    return static_cast<unsigned char>(largest == 0 ? 0 : (pixel >> shift & largest) * 255 / largest);
  }
  bool contiguous() const { return (largest & (largest + 1)) == 0 && largest <= 255; }
};

bool read_masks(Bytes file, uint32_t header_bytes, uint32_t compression, BmpHeader& header, ImageReport& report) {
  if (header.bits == 16) {
    const uint32_t five_each[4] = {0x7c00, 0x3e0, 0x1f, 0};
    memcpy(header.masks, five_each, sizeof five_each);
  } else {
    const uint32_t eight_each[4] = {0xff0000, 0xff00, 0xff, 0};
    memcpy(header.masks, eight_each, sizeof eight_each);
  }
  if (compression != bit_fields) return true;
  const int masks = header_bytes >= 56 ? 4 : 3;  // in the header, or right behind it
  uint32_t given[4] = {};
  for (int i = 0; i < masks; ++i)
    given[i] = little_endian(file, file_header_bytes + 40 + 4 * static_cast<size_t>(i), 4);
  bool fine = true;
  for (const uint32_t mask : given) fine = fine && Mask(mask).contiguous();
  if ((given[0] | given[1] | given[2]) == 0) {
    fine = header.bits == 32;
    header.masks[3] = 0xff000000;  // Pillow reads these as BGRA
  } else {
    memcpy(header.masks, given, sizeof given);
  }
  return fine ||
         image_error(report, status_unsupported_image, "this BMP file's layout of colour bits is not supported");
}

bool read_palette(Bytes file, uint32_t header_bytes, BmpHeader& header, ImageReport& report) {
  if (header.bits > 8) return true;
  const bool core = header_bytes == core_header_bytes;
  const uint32_t most = 1u << header.bits;
  if (core || header.colors == 0 || header.colors > most) header.colors = most;
  const size_t entry = core ? 3 : 4, begin = file_header_bytes + header_bytes;
  if (header.data == begin) header.data += entry * header.colors;  // some writers forget the palette in the offset
  if (begin + entry * header.colors > file.size) {
    return image_error(report, status_damaged_image, "this BMP file is cut off in its palette");
  }
  for (uint32_t i = 0; i < header.colors; ++i) {
    for (size_t c = 0; c < 3; ++c) header.palette[i][c] = file.data[begin + entry * i + 2 - c];
  }
  return true;
}

void read_size(Bytes file, uint32_t header_bytes, BmpHeader& header) {
  header.data = little_endian(file, 10, 4);
  if (header.data == 0) header.data = file_header_bytes + header_bytes;
  if (header_bytes == core_header_bytes) {
    header.width = little_endian(file, 18, 2);
    header.height = little_endian(file, 20, 2);
    header.bits = static_cast<int>(little_endian(file, 24, 2));
    return;
  }
  header.width = static_cast<int32_t>(little_endian(file, 18, 4));
  header.height = static_cast<int32_t>(little_endian(file, 22, 4));
  header.top_down = header.height < 0;
  if (header.top_down) header.height = -header.height;
  header.bits = static_cast<int>(little_endian(file, 28, 2));
  header.colors = little_endian(file, 46, 4);
}

bool read_header(Bytes file, BmpHeader& header, ImageReport& report) {
  const uint32_t header_bytes = little_endian(file, 14, 4);
  if (file.size < 26 || file.size < file_header_bytes + header_bytes) {
    return image_error(report, status_damaged_image, "this BMP file is cut off in its header");
  }
  if (header_bytes != core_header_bytes && (header_bytes < 40 || header_bytes > 124)) {
    return image_error(report, status_unsupported_image, "this BMP file's header of %u bytes is not known",
                       header_bytes);
  }
  read_size(file, header_bytes, header);
  const uint32_t compression = header_bytes == core_header_bytes ? no_compression : little_endian(file, 30, 4);
  const int bits = header.bits;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
    return image_error(report, status_unsupported_image,
                       "this BMP file has %d bits a pixel; 1, 4, 8, 16, 24 and 32 are read", bits);
  }
  if (compression != no_compression && !(compression == bit_fields && (bits == 16 || bits == 32))) {
    return image_error(report, status_unsupported_image,
                       "this BMP file is compressed (method %u); only uncompressed ones are read", compression);
  }
  return read_palette(file, header_bytes, header, report) &&
         read_masks(file, header_bytes, compression, header, report);
}

void palette_row(const BmpHeader& header, const unsigned char* from, unsigned char* rgb) {
  const int per_byte = 8 / header.bits;
  for (int64_t x = 0; x < header.width; ++x) {
    const int shift = header.bits * (per_byte - 1 - static_cast<int>(x % per_byte));
    const unsigned index = from[x / per_byte] >> shift & ((1u << header.bits) - 1);
    memcpy(rgb + 3 * x, header.palette[index], 3);
  }
}

void convert_row(const BmpHeader& header, Alpha rule, const unsigned char* from, unsigned char* rgb) {
  if (header.bits <= 8) return palette_row(header, from, rgb);
  const size_t bytes = static_cast<size_t>(header.bits) / 8;
  const Mask red(header.masks[0]), green(header.masks[1]), blue(header.masks[2]), alpha(header.masks[3]);
  for (int64_t x = 0; x < header.width; ++x, from += bytes, rgb += 3) {
    uint32_t pixel = 0;
    memcpy(&pixel, from, bytes);
    rgb[0] = red.of(pixel);
    rgb[1] = green.of(pixel);
    rgb[2] = blue.of(pixel);
    if (alpha.largest == 0 || rule == Alpha::drop) continue;
    for (int c = 0; c < 3; ++c) rgb[c] = pasted(rgb[c], alpha.of(pixel), rule == Alpha::white ? 255 : 0);
  }
}

}  // namespace

bool decode_bmp(Bytes file, RowSink& sink, ImageReport& report) {
  BmpHeader header{};
  if (!read_header(file, header, report) || !begin_image(sink, header.width, header.height, 1, report)) return false;
  header.row_bytes = static_cast<size_t>((header.width * header.bits + 31) / 32 * 4);
  const size_t needed = header.row_bytes * static_cast<size_t>(header.height);
  if (header.data > file.size || file.size - header.data < needed) {
    return image_error(report, status_damaged_image, "this BMP file is cut off: %zu bytes of pixels of %zu",
                       header.data > file.size ? 0 : file.size - header.data, needed);
  }
  Buffer<unsigned char> row;
  if (!row.allocate(static_cast<size_t>(header.width) * 3)) {
    return image_error(report, status_out_of_memory, "not enough memory for this picture");
  }
  for (int64_t y = 0; y < header.height; ++y) {
    const int64_t stored = header.top_down ? y : header.height - 1 - y;
    convert_row(header, sink.alpha, file.data + header.data + static_cast<size_t>(stored) * header.row_bytes,
                row.data());
    sink.row(sink, row.data());
  }
  return true;
}

}  // namespace rt::inline RT_ABI
