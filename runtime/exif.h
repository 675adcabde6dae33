// How to hold a picture upright: the EXIF orientation of JPEG and PNG files.
#pragma once
#include "runtime/image.h"

namespace rt::inline RT_ABI {

/// Orientation 1 to 8 of a TIFF structure (what stands behind "Exif\0\0"); 1 when there is none that makes sense.
int exif_orientation(Bytes tiff);
/// Of a JPEG file: its first APP1 segment with EXIF data.
int jpeg_orientation(Bytes file);
/// Of a PNG file: its eXIf chunk, wherever it stands.
int png_orientation(Bytes file);

}  // namespace rt::inline RT_ABI
