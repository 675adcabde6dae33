// JPEG by libjpeg-turbo: baseline and progressive, gray, YCbCr, RGB, CMYK and YCCK.
#include "runtime/exif.h"
#include "runtime/image.h"

#ifdef RT_NO_JPEG

namespace rt::inline RT_ABI {

bool decode_jpeg(Bytes, RowSink&, ImageReport& report) {
  return image_error(report, status_unsupported_image,
                     "this program was built without JPEG; it reads BMP and PNM pictures");
}

}  // namespace rt::inline RT_ABI

#else

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "runtime/buffer.h"

namespace rt::inline RT_ABI {
namespace {

/// Each scan costs a pass over the whole picture: 10 are usual, thousands are an attack.
constexpr int max_scans = 100;

struct JpegDecoder {
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  jpeg_source_mgr source;
  jpeg_progress_mgr progress;
  jmp_buf escape;
  RowSink* sink;
  ImageReport* report;
  bool ended;    ///< libjpeg wanted more than there is
  bool damaged;  ///< a warning that means wrong pixels
};

JpegDecoder& decoder_of(j_common_ptr info) { return *static_cast<JpegDecoder*>(info->client_data); }

[[noreturn]] void leave(j_common_ptr info) { longjmp(decoder_of(info).escape, 1); }

void on_error(j_common_ptr info) {
  char words[JMSG_LENGTH_MAX];
  info->err->format_message(info, words);
  const bool too_large = info->err->msg_code == JERR_NO_BACKING_STORE || info->err->msg_code == JERR_OUT_OF_MEMORY;
  image_error(*decoder_of(info).report, too_large ? status_image_too_large : status_damaged_image, "JPEG: %s",
              too_large ? "too large for the memory that decoding may take" : words);
  leave(info);
}

// Warnings have level -1. Those that are no sign of damage are kept for the user, all others end the decoding: the rows
// that follow would be wrong.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  char words[JMSG_LENGTH_MAX];
  info->err->format_message(info, words);
  ImageReport& report = *decoder_of(info).report;
  switch (info->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA:
      image_warning(report, "JPEG: %s", words);
      return;
    default:
      image_error(report, status_damaged_image, "JPEG: %s", decoder_of(info).ended ? "the file is cut off" : words);
      leave(info);
  }
}

void on_scan(j_common_ptr info) {
  if (decoder_of(info).info.input_scan_number <= max_scans) return;
  image_error(*decoder_of(info).report, status_image_too_large, "JPEG: more than %d scans", max_scans);
  leave(info);
}

// A file without its end marker gets one, silently: whether pixels are missing shows elsewhere.
boolean at_end(j_decompress_ptr info) {
  static const JOCTET end_of_image[2] = {0xff, JPEG_EOI};
  info->src->next_input_byte = end_of_image;
  info->src->bytes_in_buffer = sizeof end_of_image;
  static_cast<JpegDecoder*>(info->client_data)->ended = true;
  return TRUE;
}

void skip(j_decompress_ptr info, long count) {
  jpeg_source_mgr& source = *info->src;
  if (count <= 0) return;
  if (static_cast<size_t>(count) > source.bytes_in_buffer) {
    at_end(info);
  } else {
    source.next_input_byte += count;
    source.bytes_in_buffer -= static_cast<size_t>(count);
  }
}

void nothing(j_decompress_ptr) {}

void prepare(JpegDecoder& decoder, Bytes file) {
  jpeg_decompress_struct& info = decoder.info;
  info.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = on_error;
  decoder.errors.emit_message = on_message;
  info.client_data = &decoder;
  jpeg_create_decompress(&info);
  info.mem->max_memory_to_use = max_decoder_bytes;  // a progressive picture is held whole, in 3 to 6 bytes a pixel
  decoder.source = {file.data, file.size, nothing, at_end, skip, jpeg_resync_to_restart, nothing};
  info.src = &decoder.source;
  decoder.progress = {};
  decoder.progress.progress_monitor = on_scan;
  info.progress = &decoder.progress;
}

bool choose_colors(JpegDecoder& decoder) {
  jpeg_decompress_struct& info = decoder.info;
  switch (info.num_components) {
    case 1:
      info.out_color_space = JCS_GRAYSCALE;
      return true;
    case 3:
      info.out_color_space = JCS_RGB;
      return true;
    case 4:
      info.out_color_space = JCS_CMYK;
      return true;
    default:
      return image_error(*decoder.report, status_unsupported_image, "JPEG: pictures of %d channels are not read",
                         info.num_components);
  }
}

/// Adobe stores CMYK inverted, and so everybody does; the conversion is Pillow's.
void to_rgb(const unsigned char* from, int components, size_t width, unsigned char* rgb) {
  for (size_t x = 0; x < width; ++x, from += components, rgb += 3) {
    if (components == 1) {
      rgb[0] = rgb[1] = rgb[2] = from[0];
    } else {
      const unsigned white = from[3];
      for (int c = 0; c < 3; ++c) {
        const int ink = pasted(255u - from[c], white, 0);
        rgb[c] = static_cast<unsigned char>(static_cast<int>(white) > ink ? static_cast<int>(white) - ink : 0);
      }
    }
  }
}

void read_rows(JpegDecoder& decoder, Buffer<unsigned char>& row, Buffer<unsigned char>& rgb) {
  jpeg_decompress_struct& info = decoder.info;
  const size_t width = info.output_width;
  while (info.output_scanline < info.output_height) {
    JSAMPROW rows[1] = {row.data()};
    jpeg_read_scanlines(&info, rows, 1);
    if (info.output_components == 3) {
      decoder.sink->row(*decoder.sink, row.data());
    } else {
      to_rgb(row.data(), info.output_components, width, rgb.data());
      decoder.sink->row(*decoder.sink, rgb.data());
    }
  }
}

bool decode(JpegDecoder& decoder, Bytes file, Buffer<unsigned char>& row, Buffer<unsigned char>& rgb) {
  jpeg_decompress_struct& info = decoder.info;
  jpeg_read_header(&info, TRUE);
  if (!choose_colors(decoder) ||
      !begin_image(*decoder.sink, info.image_width, info.image_height, jpeg_orientation(file), *decoder.report)) {
    return false;
  }
  jpeg_start_decompress(&info);
  const size_t width = info.output_width;
  if (!row.allocate(width * static_cast<size_t>(info.output_components)) || !rgb.allocate(width * 3)) {
    return image_error(*decoder.report, status_out_of_memory, "not enough memory for this picture");
  }
  // What a file without its last scans, or an arithmetic coder's lost end, has lost cannot be told from what it has.
  const bool end_matters = jpeg_has_multiple_scans(&info) || info.arith_code;
  read_rows(decoder, row, rgb);
  jpeg_finish_decompress(&info);
  if (!decoder.ended) return true;
  if (end_matters) return image_error(*decoder.report, status_damaged_image, "JPEG: the file is cut off");
  image_warning(*decoder.report, "JPEG: the end marker is missing");
  return true;
}

/// The frame that errors come back to: what lives in it is not used afterwards.
bool guarded(JpegDecoder& decoder, Bytes file, Buffer<unsigned char>& row, Buffer<unsigned char>& rgb) {
  if (setjmp(decoder.escape) != 0) return false;
  prepare(decoder, file);
  return decode(decoder, file, row, rgb);
}

}  // namespace

bool decode_jpeg(Bytes file, RowSink& sink, ImageReport& report) {
  Buffer<unsigned char> row, rgb;
  JpegDecoder decoder{};
  decoder.sink = &sink;
  decoder.report = &report;
  const bool fine = guarded(decoder, file, row, rgb);
  jpeg_destroy_decompress(&decoder.info);
  return fine;
}

}  // namespace rt::inline RT_ABI

#endif
