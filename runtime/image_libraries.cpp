#include "runtime/image_libraries.h"

#include <string.h>

#ifndef RT_NO_JPEG
#include <stdio.h>
// jpeglib.h needs what stdio.h declares.
#include <jpeglib.h>
#endif
#ifndef RT_NO_PNG
#include <png.h>
#include <zlib.h>
#endif

#define RT_TEXT(word) #word
#define RT_VALUE_TEXT(macro) RT_TEXT(macro)

namespace rt::inline RT_ABI {

void list_image_libraries(ImageLibrary (&libraries)[4]) {
  const ImageLibrary inside[] = {
#ifndef RT_NO_JPEG
#ifdef LIBJPEG_TURBO_VERSION
      {"libjpeg-turbo", RT_VALUE_TEXT(LIBJPEG_TURBO_VERSION)},
#else
      {"libjpeg", RT_VALUE_TEXT(JPEG_LIB_VERSION)},
#endif
#endif
#ifndef RT_NO_PNG
      {"libpng", png_get_libpng_ver(nullptr)},
      {"zlib", zlibVersion()},
#endif
      {nullptr, nullptr}};
  for (ImageLibrary& each : libraries) each = {};
  memcpy(libraries, inside, sizeof inside);
}

}  // namespace rt::inline RT_ABI
