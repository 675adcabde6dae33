#include "runtime/exif.h"

#include <string.h>

namespace rt::inline RT_ABI {
namespace {

/// Numbers at offsets of a byte string; beyond its end they are 0.
struct Numbers {
  Bytes bytes;
  bool big_endian;

  uint32_t at(uint64_t offset, int count) const {
    if (offset + static_cast<uint64_t>(count) > bytes.size) return 0;
    uint32_t value = 0;
    for (int i = 0; i < count; ++i) value |= uint32_t{bytes.data[offset + i]} << 8 * (big_endian ? count - 1 - i : i);
    return value;
  }
};

}  // namespace

int exif_orientation(Bytes tiff) {
  if (tiff.size < 8) return 1;
  const bool big_endian = memcmp(tiff.data, "MM\0*", 4) == 0;
  if (!big_endian && memcmp(tiff.data, "II*\0", 4) != 0) return 1;
  const Numbers numbers{tiff, big_endian};
  const uint64_t directory = numbers.at(4, 4);
  const uint32_t entries = numbers.at(directory, 2);
  int orientation = 1;
  for (uint32_t i = 0; i < entries; ++i) {
    const uint64_t entry = directory + 2 + uint64_t{12} * i;
    if (entry + 12 > tiff.size) break;
    constexpr uint32_t orientation_tag = 0x0112, byte_type = 1, short_type = 3, long_type = 4;
    if (numbers.at(entry, 2) != orientation_tag || numbers.at(entry + 4, 4) != 1) continue;
    const uint32_t type = numbers.at(entry + 2, 2);
    const int bytes = type == byte_type ? 1 : type == short_type ? 2 : type == long_type ? 4 : 0;
    const uint32_t value = bytes == 0 ? 0 : numbers.at(entry + 8, bytes);
    if (value >= 1 && value <= 8) orientation = static_cast<int>(value);
  }
  return orientation;
}

int jpeg_orientation(Bytes file) {
  constexpr unsigned app1 = 0xe1, start_of_scan = 0xda, end_of_image = 0xd9;
  const Numbers numbers{file, true};
  size_t at = 2;
  while (at + 4 <= file.size) {
    if (file.data[at] != 0xff) {
      ++at;  // junk between segments: libjpeg skips it too
      continue;
    }
    const unsigned marker = file.data[at + 1];
    if (marker == 0xff || marker == 0) {
      ++at;
      continue;
    }
    if (marker == start_of_scan || marker == end_of_image) break;
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {  // no length follows
      at += 2;
      continue;
    }
    const size_t length = numbers.at(at + 2, 2), begin = at + 4, end = at + 2 + length;
    if (length < 2 || end > file.size) break;
    if (marker == app1 && length >= 8 && memcmp(file.data + begin, "Exif\0", 5) == 0) {
      return exif_orientation({file.data + begin + 6, end - begin - 6});
    }
    at = end;
  }
  return 1;
}

int png_orientation(Bytes file) {
  const Numbers numbers{file, true};
  size_t at = 8;
  while (at + 12 <= file.size) {
    const size_t length = numbers.at(at, 4);
    if (length > file.size - at - 12) break;
    if (memcmp(file.data + at + 4, "eXIf", 4) == 0) return exif_orientation({file.data + at + 8, length});
    at += 12 + length;
  }
  return 1;
}

}  // namespace rt::inline RT_ABI
