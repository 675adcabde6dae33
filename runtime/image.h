// Encoded pictures -> rows of 8-bit RGB, top to bottom, without holding the picture where the format allows that.
// The bytes come from strangers: nothing here prints or exits, sizes are checked before memory is asked for, and data
// that is cut off or damaged is an error. Decoded values are those of Pillow (libjpeg-turbo's slow DCT and smooth
// upsampling, 16 bits by their high byte, CMYK as Adobe stores it; alpha dropped unless the sink wants a ground below).
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/abi.h"
#include "runtime/status.h"

namespace rt::inline RT_ABI {

// What a picture may cost, whatever its file says. Pixels and sides are checked before anything is allocated; a file
// too short for what it declares is refused before that. Then
//   memory  decoding takes at most max_decoder_bytes (interlaced PNG and progressive JPEG are held whole, all others
//   row
//           by row) and 16 MiB; resizing at most 512 MiB, as a rule a few
//   time    decoding takes at most 10 CPU seconds on a core of 2 GHz (a progressive JPEG of 100 million pixels in 100
//           scans; everything else below 3); resizing at most 16 steps, each a multiplication and an addition in three
//           channels or a copied pixel, for each pixel of the upright picture, of the result, and of what lies between
//           the two passes (its height, the result's width). tests/unit/image_cost.cpp counts them.
inline constexpr int64_t max_image_pixels = 100'000'000;
inline constexpr int64_t max_image_side = 65'535;
inline constexpr long max_decoder_bytes = 400L << 20;

/// What was found wrong with a picture.
struct ImageReport {
  Status status = status_ok;
  char error[240] = "";    ///< in words, for the user
  char warning[240] = "";  ///< something odd that does no harm; "" = nothing
};

/// Writes the report's error and returns false.
[[gnu::format(printf, 3, 4)]] bool image_error(ImageReport& report, Status status, const char* format, ...);
/// Keeps the first warning.
[[gnu::format(printf, 2, 3)]] void image_warning(ImageReport& report, const char* format, ...);

/// Size as stored, and how to hold the picture upright.
struct ImageHeader {
  int width, height;
  int orientation;  ///< EXIF, 1 to 8
};

/// What becomes of transparency: nothing, as Pillow's convert("RGB") does it, or the picture is pasted on a colour.
/// Numbers as in rt::Preprocess::alpha.
enum class Alpha { drop, black, white };

/// Who takes the rows.
struct RowSink {
  Alpha alpha = Alpha::drop;
  /// Called once, before any row; false when it cannot take such a picture (the report says why).
  bool (*begin)(RowSink& self, const ImageHeader& header, ImageReport& report);
  /// Called header.height times, top to bottom: header.width pixels R, G, B.
  void (*row)(RowSink& self, const unsigned char* rgb);
};

struct Bytes {
  const unsigned char* data;
  size_t size;
};

/// JPEG, PNG, BMP, PNM (P5, P6), told apart by their first bytes. False: the report says why; rows may have been given.
bool decode_image(Bytes file, RowSink& sink, ImageReport& report);

bool decode_jpeg(Bytes file, RowSink& sink, ImageReport& report);
bool decode_png(Bytes file, RowSink& sink, ImageReport& report);
bool decode_bmp(Bytes file, RowSink& sink, ImageReport& report);
bool decode_pnm(Bytes file, RowSink& sink, ImageReport& report);

/// For the decoders: refuses sizes that are no picture's or too large, then calls sink.begin.
bool begin_image(RowSink& sink, int64_t width, int64_t height, int orientation, ImageReport& report);

/// Pillow's paste of one value on another.
inline unsigned char pasted(unsigned value, unsigned alpha, unsigned ground) {
  const unsigned product = value * alpha + ground * (255 - alpha) + 128;
  return static_cast<unsigned char>((product + (product >> 8)) >> 8);
}

}  // namespace rt::inline RT_ABI
