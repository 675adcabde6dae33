// PNG by libpng: every colour type and depth, interlaced or not. Gamma, colour profiles and texts are left aside.
#include "runtime/exif.h"
#include "runtime/image.h"

#ifdef RT_NO_PNG

namespace rt::inline RT_ABI {

bool decode_png(Bytes, RowSink&, ImageReport& report) {
  return image_error(report, status_unsupported_image,
                     "this program was built without PNG; it reads BMP and PNM pictures");
}

}  // namespace rt::inline RT_ABI

#else

#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "runtime/buffer.h"

namespace rt::inline RT_ABI {
namespace {

struct PngDecoder {
  png_structp png;
  png_infop info;
  Bytes file;
  size_t at;
  RowSink* sink;
  ImageReport* report;
  jmp_buf escape;
};

void on_error(png_structp png, const char* words) {
  PngDecoder& decoder = *static_cast<PngDecoder*>(png_get_error_ptr(png));
  if (decoder.report->status == status_ok) image_error(*decoder.report, status_damaged_image, "PNG: %s", words);
  longjmp(decoder.escape, 1);
}

void on_warning(png_structp png, const char* words) {
  image_warning(*static_cast<PngDecoder*>(png_get_error_ptr(png))->report, "PNG: %s", words);
}

void read_bytes(png_structp png, png_bytep to, size_t count) {
  PngDecoder& decoder = *static_cast<PngDecoder*>(png_get_io_ptr(png));
  if (count > decoder.file.size - decoder.at) png_error(png, "the file is cut off");
  memcpy(to, decoder.file.data + decoder.at, count);
  decoder.at += count;
}

/// Everything becomes 8-bit RGB, or RGBA where alpha counts; a transparent colour becomes alpha while its 16 bits can
/// still be compared.
void choose_conversions(png_structp png, png_infop info, Alpha alpha) {
  const int color = png_get_color_type(png, info), depth = png_get_bit_depth(png, info);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (alpha == Alpha::drop) {
    png_set_strip_alpha(png);
  } else if (png_get_valid(png, info, PNG_INFO_tRNS)) {
    png_set_tRNS_to_alpha(png);
  }
  if (depth == 16) png_set_strip_16(png);
  if ((color & PNG_COLOR_MASK_COLOR) == 0) png_set_gray_to_rgb(png);
}

void give_row(PngDecoder& decoder, const unsigned char* row, int channels, size_t width, unsigned char* rgb) {
  if (channels == 3) return decoder.sink->row(*decoder.sink, row);
  const unsigned ground = decoder.sink->alpha == Alpha::white ? 255 : 0;
  for (size_t x = 0; x < width; ++x) {
    for (size_t c = 0; c < 3; ++c) rgb[3 * x + c] = pasted(row[4 * x + c], row[4 * x + 3], ground);
  }
  decoder.sink->row(*decoder.sink, rgb);
}

/// An interlaced picture is complete after its last pass only; others go row by row.
void read_rows(PngDecoder& decoder, int passes, Buffer<unsigned char>& pixels, Buffer<unsigned char>& rgb) {
  const int channels = png_get_channels(decoder.png, decoder.info);
  const size_t width = png_get_image_width(decoder.png, decoder.info),
               row_bytes = width * static_cast<size_t>(channels);
  const size_t height = png_get_image_height(decoder.png, decoder.info);
  for (int pass = 0; pass < passes; ++pass) {
    for (size_t y = 0; y < height; ++y) {
      unsigned char* row = pixels.data() + (passes > 1 ? y * row_bytes : 0);
      png_read_row(decoder.png, row, nullptr);
      if (pass == passes - 1) give_row(decoder, row, channels, width, rgb.data());
    }
  }
}

/// No stream of deflate's gets longer than 1032 times: what declares more than that is cut off, or lies.
bool has_pixels(const PngDecoder& decoder) {
  constexpr size_t most_growth = 1032;
  const size_t bytes = png_get_rowbytes(decoder.png, decoder.info) * png_get_image_height(decoder.png, decoder.info);
  if (bytes / most_growth <= decoder.file.size) return true;
  return image_error(*decoder.report, status_damaged_image, "PNG: the file is cut off: %zu bytes cannot hold %zu",
                     decoder.file.size, bytes);
}

bool allocate_rows(PngDecoder& decoder, int passes, Buffer<unsigned char>& pixels, Buffer<unsigned char>& rgb) {
  const size_t width = png_get_image_width(decoder.png, decoder.info);
  const size_t row_bytes = width * png_get_channels(decoder.png, decoder.info);
  const size_t bytes = row_bytes * (passes > 1 ? png_get_image_height(decoder.png, decoder.info) : 1);
  if (bytes > static_cast<size_t>(max_decoder_bytes)) {
    return image_error(*decoder.report, status_image_too_large, "PNG: too large for the memory that decoding may take");
  }
  return (pixels.allocate(bytes) && rgb.allocate(width * 3)) ||
         image_error(*decoder.report, status_out_of_memory, "not enough memory for this picture");
}

bool decode(PngDecoder& decoder, Buffer<unsigned char>& pixels, Buffer<unsigned char>& rgb) {
  png_structp png = decoder.png;
  png_set_read_fn(png, &decoder, read_bytes);
  png_set_user_limits(png, max_image_pixels, max_image_pixels);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, decoder.info);
  const size_t width = png_get_image_width(png, decoder.info), height = png_get_image_height(png, decoder.info);
  if (!begin_image(*decoder.sink, static_cast<int64_t>(width), static_cast<int64_t>(height),
                   png_orientation(decoder.file), *decoder.report) ||
      !has_pixels(decoder)) {
    return false;
  }
  choose_conversions(png, decoder.info, decoder.sink->alpha);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, decoder.info);
  if (!allocate_rows(decoder, passes, pixels, rgb)) return false;
  read_rows(decoder, passes, pixels, rgb);
  png_read_end(png, nullptr);
  return true;
}

/// The frame that errors come back to: what lives in it is not used afterwards.
bool guarded(PngDecoder& decoder, Buffer<unsigned char>& pixels, Buffer<unsigned char>& rgb) {
  if (setjmp(decoder.escape) != 0) return false;
  decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, on_error, on_warning);
  if (decoder.png != nullptr) decoder.info = png_create_info_struct(decoder.png);
  if (decoder.info == nullptr) {
    return image_error(*decoder.report, status_out_of_memory, "not enough memory for this picture");
  }
  return decode(decoder, pixels, rgb);
}

}  // namespace

bool decode_png(Bytes file, RowSink& sink, ImageReport& report) {
  Buffer<unsigned char> pixels, rgb;
  PngDecoder decoder{};
  decoder.file = file;
  decoder.sink = &sink;
  decoder.report = &report;
  const bool fine = guarded(decoder, pixels, rgb);
  png_destroy_read_struct(decoder.png == nullptr ? nullptr : &decoder.png, &decoder.info, nullptr);
  return fine;
}

}  // namespace rt::inline RT_ABI

#endif
