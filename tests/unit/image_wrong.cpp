// Pictures from strangers: cut off, lying, too large, of no known kind; and oddities that do no harm.
#include "runtime/exif.h"
#include "tests/unit/image_encode.h"
#include "tests/unit/image_files.h"

namespace {

rt::ImageReport decode(const std::string& file, Kept& kept) {
  rt::ImageReport report;
  const bool fine = rt::decode_image(bytes_of(file), kept, report);
  CHECK(fine == (report.status == rt::status_ok));
  if (!fine) CHECK(std::string(report.error).size() > 10);
  return report;
}

rt::ImageReport decode(const std::string& file) {
  Kept kept;
  return decode(file, kept);
}

std::string numbers(std::initializer_list<std::pair<uint64_t, int>> values) {
  std::string text;
  for (const auto [value, count] : values) {
    for (int i = 0; i < count; ++i) text += static_cast<char>(value >> 8 * i);
  }
  return text;
}

std::string bmp(uint32_t width, uint32_t height, int bits, const std::string& pixels, uint32_t compression = 0) {
  return "BM" + numbers({{54 + pixels.size(), 4}, {0, 4}, {54, 4}, {40, 4}, {width, 4}, {height, 4}, {1, 2}}) +
         numbers({{static_cast<uint64_t>(bits), 2}, {compression, 4}, {0, 8}, {0, 8}, {0, 4}}) + pixels;
}

/// A JPEG of which only the frame's header tells the size: three channels at full resolution, then one empty scan.
std::string jpeg_header(int height, int width, char frame) {
  const std::string size = {static_cast<char>(height >> 8), static_cast<char>(height), static_cast<char>(width >> 8),
                            static_cast<char>(width)};
  return std::string("\xff\xd8\xff") + frame + std::string("\0\x11\x08", 3) + size +
         std::string("\x03\x01\x11\0\x02\x11\0\x03\x11\0", 10) +
         std::string("\xff\xda\0\x0c\x03\x01\0\x02\0\x03\0\0\0\0\xff\xd9", 16);
}

/// IHDR of 8-bit gray with a right checksum is not needed: libpng looks at the checksum first, so it must be right.
std::string png_header(uint32_t width, uint32_t height) {
  std::string file = encode_png(1, 1), header = "IHDR";
  for (const uint32_t size : {width, height}) {
    for (int i = 3; i >= 0; --i) header += static_cast<char>(size >> 8 * i);
  }
  header += std::string("\x08\0\0\0\0", 5);
  uint32_t crc = 0xffffffff;
  for (const char c : header) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  for (int i = 3; i >= 0; --i) header += static_cast<char>(~crc >> 8 * i);
  return file.replace(12, header.size(), header);
}

}  // namespace

TEST_CASE("a picture that is cut off anywhere is refused") {
  const std::string pixels(3 * 16 * 16, '\x55');
  const std::vector<std::string> files = {encode_jpeg(24, 40, JpegKind::baseline),
                                          encode_jpeg(24, 40, JpegKind::progressive), encode_png(24, 40),
                                          bmp(16, 16, 24, pixels), "P6 16 16 255\n" + pixels};
  for (const std::string& file : files) {
    Kept whole;
    INFO("file that begins with " << file.substr(0, 2));
    REQUIRE(decode(file, whole).status == rt::status_ok);
    REQUIRE(whole.rgb.size() == static_cast<size_t>(whole.header.width * whole.header.height * 3));
    const size_t end_marker = file[0] == '\xff' ? 2 : 0;
    for (size_t size = 0; size < file.size() - end_marker; ++size) {
      INFO(size << " of " << file.size() << " bytes");
      CHECK(decode(file.substr(0, size)).status != rt::status_ok);
    }
  }
}

TEST_CASE("a JPEG without its end marker is whole all the same, and that is said") {
  const std::string file = encode_jpeg(24, 40, JpegKind::baseline);
  Kept whole, cut;
  CHECK(std::string(decode(file, whole).warning) == "");
  const rt::ImageReport report = decode(file.substr(0, file.size() - 2), cut);
  CHECK(report.status == rt::status_ok);
  CHECK(std::string(report.warning) == "JPEG: the end marker is missing");
  CHECK(cut.rgb == whole.rgb);
}

TEST_CASE("damaged data is an error, not a picture") {
  std::string jpeg = encode_jpeg(64, 64, JpegKind::baseline), png = encode_png(24, 40);
  jpeg.replace(jpeg.size() / 2, 8, std::string("\xff\xd3\xff\xd1\xff\xd0\xff\xd5", 8));
  CHECK(decode(jpeg).status == rt::status_damaged_image);
  png[png.size() - 20] = static_cast<char>(png[png.size() - 20] ^ 1);
  CHECK(decode(png).status == rt::status_damaged_image);
}

TEST_CASE("pictures of no size, or of a size that no picture has") {
  for (const std::string& file :
       {bmp(0, 5, 24, ""), bmp(5, 0, 24, ""), bmp(0x80000000, 5, 24, ""), std::string("P5 0 4 255\n"),
        std::string("P6 4 0 255\n"), std::string("P6 -4 4 255\n"), std::string("P5 4 4 0\n"),
        std::string("P5 4 4 70000\n"), jpeg_header(0, 5, '\xc0'), png_header(0, 5)}) {
    CHECK(decode(file).status == rt::status_damaged_image);
  }
}

TEST_CASE("pictures that are too large are refused by their header") {
  for (const std::string& file :
       {bmp(30000, 30000, 24, ""), std::string("P5 30000 30000 255\n"), jpeg_header(30000, 30000, '\xc0'),
        png_header(30000, 30000), bmp(0x7fffffff, 0x80000001, 24, ""), std::string("P6 9999999999 9999999999 255\n"),
        std::string("P5 100000001 1 255\n"), std::string("P5 65536 1 255\n"), std::string("P6 1 65536 255\n"),
        bmp(1, 65536, 24, ""), png_header(65536, 1), png_header(10, 10'000'000)}) {
    const rt::ImageReport report = decode(file);
    CHECK(report.status == rt::status_image_too_large);
    CHECK(std::string(report.error).find("pixels are too large, at most 100 million are read, 65535 a side") !=
          std::string::npos);
  }
  CHECK(decode(std::string("P5 99999999999999999999 1 255\n")).status == rt::status_damaged_image);
}

TEST_CASE("a PNG that cannot hold what it declares is refused before memory is asked for") {
  for (const auto& [width, height] : {std::pair{10'000u, 10'000u}, {65'535u, 1'500u}, {1'000u, 65'535u}}) {
    const rt::ImageReport report = decode(png_header(width, height));
    CHECK(report.status == rt::status_damaged_image);
    CHECK(std::string(report.error).find("PNG: the file is cut off: ") == 0);
  }
}

TEST_CASE("what a progressive JPEG may cost is bounded") {
  CHECK(decode(jpeg_header(10000, 10000, '\xc2')).status == rt::status_image_too_large);  // coefficients: 600 MB
  const rt::ImageReport report = decode(encode_jpeg(8, 8, JpegKind::many_scans));
  CHECK(report.status == rt::status_image_too_large);
  CHECK(std::string(report.error) == "JPEG: more than 100 scans");
}

TEST_CASE("files of other kinds") {
  CHECK(decode("").status == rt::status_unknown_image_format);
  CHECK(decode("just text\n").status == rt::status_unknown_image_format);
  CHECK(decode("P3 1 1 255\n1 2 3\n").status == rt::status_unknown_image_format);
  CHECK(decode("P5x").status == rt::status_damaged_image);
  CHECK(decode(bmp(4, 4, 8, std::string(2000, '\0'), 1)).status == rt::status_unsupported_image);
  CHECK(decode(bmp(4, 4, 2, std::string(100, '\0'))).status == rt::status_unsupported_image);
  CHECK(decode(bmp(4, 4, 32, std::string(100, '\x21'), 3)).status ==
        rt::status_unsupported_image);  // masks that overlap
}

TEST_CASE("the network's size is what counts at the end") {
  rt::Preprocess none, crop, wide;
  crop.crop_height = crop.crop_width = 8;
  wide.resize_short = 8;
  std::vector<float> tensor(8 * 8 * 3, 7.0f);
  const auto status = [&](int height, int width, const rt::Preprocess& preprocess, bool as_is, const char* words) {
    const rt::Network network = network_of(8, 8, preprocess);
    rt::ImageReport report;
    rt::image_to_tensor(network, bytes_of(encode_png(height, width)), as_is, tensor.data(), report);
    CHECK(std::string(report.error) == words);
    return report.status;
  };
  CHECK(status(8, 8, none, false, "") == rt::status_ok);
  CHECK(status(8, 8, wide, true, "") == rt::status_ok);
  CHECK(status(9, 11, crop, false, "") == rt::status_ok);
  CHECK(status(8, 9, none, false, "the picture is 9x8 (width x height), the network takes 8x8") ==
        rt::status_unsupported_image);
  CHECK(status(7, 20, crop, false, "the picture is 20x7 (width x height), the network takes 8x8 or larger") ==
        rt::status_unsupported_image);
  CHECK(status(9, 8, crop, true, "the picture is 8x9 (width x height), the network takes 8x8") ==
        rt::status_unsupported_image);
  CHECK(status(16, 24, wide, false, "the picture is resized to 12x8 (width x height), the network takes 8x8") ==
        rt::status_unsupported_image);
}

TEST_CASE("EXIF data that lies") {
  const auto orientation = [](const std::string& tiff) { return rt::exif_orientation(bytes_of(tiff)); };
  const std::string little("II*\0", 4), entry = numbers({{0x112, 2}, {3, 2}, {1, 4}, {6, 4}});
  CHECK(orientation(little + numbers({{8, 4}, {1, 2}}) + entry) == 6);
  CHECK(orientation(little + numbers({{8, 4}, {65535, 2}}) + entry) == 6);  // more entries than there are
  CHECK(orientation(little + numbers({{8, 4}, {1, 2}}) + entry.substr(0, 11)) == 1);
  CHECK(orientation(little + numbers({{0xfffffff0, 4}, {1, 2}}) + entry) == 1);
  CHECK(orientation(little + numbers({{8, 4}, {1, 2}, {0x112, 2}, {3, 2}, {1, 4}, {9, 4}})) == 1);
  CHECK(orientation(little + numbers({{8, 4}, {1, 2}, {0x112, 2}, {7, 2}, {1, 4}, {6, 4}})) == 1);
  CHECK(orientation("") == 1);
}

TEST_CASE("the largest values, in order") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float values[] = {0.1f, 0.5f, nan, 0.5f, -3.0f, 0.7f};
  int order[6];
  rt::find_top(values, 6, 6, order);
  CHECK(std::vector<int>(order, order + 6) == std::vector<int>{5, 1, 3, 0, 4, 2});
  rt::find_top(values, 6, 2, order);
  CHECK(std::vector<int>(order, order + 2) == std::vector<int>{5, 1});
  rt::find_top(values, 1, 1, order);
  CHECK(order[0] == 0);
}
