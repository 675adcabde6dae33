#include "runtime/image.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

namespace rt::inline RT_ABI {

bool image_error(ImageReport& report, Status status, const char* format, ...) {
  report.status = status;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(report.error, sizeof report.error, format, arguments);
  va_end(arguments);
  return false;
}

void image_warning(ImageReport& report, const char* format, ...) {
  if (report.warning[0] != 0) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(report.warning, sizeof report.warning, format, arguments);
  va_end(arguments);
}

bool begin_image(RowSink& sink, int64_t width, int64_t height, int orientation, ImageReport& report) {
  if (width <= 0 || height <= 0) {
    return image_error(report, status_damaged_image, "the picture's size is %lldx%lld", static_cast<long long>(width),
                       static_cast<long long>(height));
  }
  if (width > max_image_side || height > max_image_side || width * height > max_image_pixels) {
    return image_error(report, status_image_too_large,
                       "%lldx%lld pixels are too large, at most %lld million are read, %lld a side",
                       static_cast<long long>(width), static_cast<long long>(height),
                       static_cast<long long>(max_image_pixels / 1'000'000), static_cast<long long>(max_image_side));
  }
  return sink.begin(sink, {static_cast<int>(width), static_cast<int>(height), orientation}, report);
}

bool decode_image(Bytes file, RowSink& sink, ImageReport& report) {
  const auto starts_with = [file](const char* magic, size_t size) {
    return file.size >= size && memcmp(file.data, magic, size) == 0;
  };
  if (file.size == 0) return image_error(report, status_unknown_image_format, "the file is empty");
  if (starts_with("\xff\xd8\xff", 3)) return decode_jpeg(file, sink, report);
  if (starts_with("\x89PNG\r\n\x1a\n", 8)) return decode_png(file, sink, report);
  if (starts_with("BM", 2)) return decode_bmp(file, sink, report);
  if (starts_with("P5", 2) || starts_with("P6", 2)) return decode_pnm(file, sink, report);
  return image_error(report, status_unknown_image_format,
                     "not a picture that can be read: neither JPEG, PNG, BMP nor PNM (P5, P6)");
}

}  // namespace rt::inline RT_ABI
