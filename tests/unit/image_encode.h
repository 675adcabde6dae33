// Small JPEG and PNG files, written by the libraries themselves, for tests that then damage them.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <jpeglib.h>
#include <png.h>

/// RGB pixels with edges and ramps.
inline std::vector<unsigned char> test_pixels(int height, int width) {
  std::vector<unsigned char> rgb;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {x * 11, y * 7 + x, (x / 4 + y / 3) % 2 * 200})
        rgb.push_back(static_cast<unsigned char>(value));
    }
  }
  return rgb;
}

enum class JpegKind { baseline, progressive, many_scans };

/// One scan for each coefficient, and one more for each to refine it: 128 scans of a gray picture.
inline std::vector<jpeg_scan_info> scan_for_each_coefficient() {
  std::vector<jpeg_scan_info> scans;
  for (const int high : {0, 1}) {
    for (int k = 0; k < 64; ++k) scans.push_back({1, {0, 0, 0, 0}, k, k, high, 1 - high});
  }
  return scans;
}

inline std::string encode_jpeg(int height, int width, JpegKind kind) {
  const std::vector<unsigned char> rgb = test_pixels(height, width);
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  const std::vector<jpeg_scan_info> scans = scan_for_each_coefficient();
  if (kind == JpegKind::progressive) jpeg_simple_progression(&info);
  if (kind == JpegKind::many_scans) {
    jpeg_set_colorspace(&info, JCS_GRAYSCALE);
    info.scan_info = scans.data();
    info.num_scans = static_cast<int>(scans.size());
  }
  jpeg_start_compress(&info, TRUE);
  for (int y = 0; y < height; ++y) {
    JSAMPROW row = const_cast<JSAMPROW>(rgb.data() + static_cast<size_t>(y) * static_cast<size_t>(width) * 3);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string text(reinterpret_cast<char*>(bytes), size);
  std::free(bytes);
  return text;
}

inline std::string encode_png(int height, int width) {
  const std::vector<unsigned char> rgb = test_pixels(height, width);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, rgb.data(), 0, nullptr);
  std::string text(size, '\0');
  png_image_write_to_memory(&image, text.data(), &size, 0, rgb.data(), 0, nullptr);
  return text;
}
