// Every filter against the library it is named after, 500 random sizes each, bit for bit: Pillow, OpenCV, TensorFlow.js
// (tests/differential/resize_oracle.py). Pictures come turned in all of EXIF's ways, and parts of the result are
// wanted.
#include <unistd.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include "runtime/resize.h"
#include "tests/unit/image_files.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* filters[] = {
    "bilinear",       "bicubic", "box",         "nearest",      "opencv_bilinear",       "opencv_bicubic",
    "opencv_nearest", "area",    "tf_bilinear", "tf1_bilinear", "bilinear_align_corners"};

/// A record of the oracle's file.
struct Record {
  int32_t filter, in_height, in_width, out_height, out_width, top, left, height, width, orientation, bgr;
};

std::vector<float> resized(const Record& r, const unsigned char* stored, rt::ImageReport& report) {
  rt::ResizeGeometry geometry{};
  geometry.full_height = geometry.in_height = r.in_height;
  geometry.full_width = geometry.in_width = r.in_width;
  geometry.out_height = r.out_height;
  geometry.out_width = r.out_width;
  geometry.top = r.top;
  geometry.left = r.left;
  geometry.height = r.height;
  geometry.width = r.width;
  geometry.orientation = r.orientation;
  geometry.filter = static_cast<rt::Filter>(r.filter);
  geometry.bgr = r.bgr != 0;
  std::vector<float> values(static_cast<size_t>(r.height * r.width * 3));
  rt::Resizer resizer;
  if (!resizer.begin(geometry, report)) return {};
  const int rows = geometry.transposed() ? r.in_width : r.in_height,
            pixels = geometry.transposed() ? r.in_height : r.in_width;
  for (int y = 0; y < rows; ++y) resizer.row(stored + static_cast<ptrdiff_t>(y) * pixels * 3);
  resizer.finish(values.data());
  return values;
}

std::string text_of(const Record& r) {
  return std::string(filters[r.filter]) + " " + std::to_string(r.in_height) + "x" + std::to_string(r.in_width) +
         " to " + std::to_string(r.out_height) + "x" + std::to_string(r.out_width) + ", orientation " +
         std::to_string(r.orientation) + ", part of " + std::to_string(r.height) + "x" + std::to_string(r.width) +
         " at " + std::to_string(r.top) + "," + std::to_string(r.left) + (r.bgr != 0 ? ", bgr" : "");
}

/// TensorFlow.js multiplies a rounded quotient, (in - 1) / (out - 1), where ours divides last and meets whole positions
/// exactly: less than 2^-44 of a pixel for sides below 256, which is 255 * 2^-44 of a level.
constexpr float corners_tolerance = 2e-11f;

std::string difference_of(int filter, const std::vector<float>& actual, std::vector<float> expected) {
  for (size_t i = 0; filter == static_cast<int>(rt::Filter::bilinear_align_corners) && i < actual.size(); ++i) {
    if (std::abs(actual[i] - expected[i]) <= corners_tolerance) expected[i] = actual[i];
  }
  return first_difference(actual, expected);
}

/// Compares all records; how many there were of each filter.
std::map<int, int> compare(const std::string& records) {
  std::map<int, int> counts;
  const unsigned char* stored = nullptr;
  for (size_t at = 0; at + sizeof(Record) <= records.size();) {
    Record record;
    std::memcpy(&record, records.data() + at, sizeof record);
    const char* data = records.data() + at + sizeof record;
    at += sizeof record;
    if (record.filter < 0) {
      stored = reinterpret_cast<const unsigned char*>(data);
      at += static_cast<size_t>(record.in_height * record.in_width * 3);
      continue;
    }
    std::vector<float> expected(static_cast<size_t>(record.height * record.width * 3));
    std::memcpy(expected.data(), data, expected.size() * sizeof(float));
    at += expected.size() * sizeof(float);
    rt::ImageReport report;
    const std::string difference = difference_of(record.filter, resized(record, stored, report), expected);
    INFO(text_of(record) << ": " << report.error << difference);
    CHECK(difference.empty());
    ++counts[record.filter];
  }
  return counts;
}

}  // namespace

TEST_CASE("filters give the very values of the libraries they are named after") {
  const fs::path file = fs::temp_directory_path() / ("deeper-resize-" + std::to_string(getpid()));
  const char* modules = std::getenv("DEEPER_TFJS");
  const int status = run_python({DEEPER_SOURCE "/tests/differential/resize_oracle.py", file.string(),
                                 modules != nullptr ? modules : DEEPER_SOURCE "/build/tfjs/node_modules"});
  if (status == 77) {
    WARN("SKIPPED: no numpy to make pictures with (Debian: python3-numpy)");
    return;
  }
  REQUIRE(status == 0);
  std::map<int, int> counts = compare(contents(file.string()));
  fs::remove(file);
  for (int filter = 0; filter < static_cast<int>(std::size(filters)); ++filter) {
    INFO(filters[filter]);
    if (counts[filter] == 0) {
      WARN("SKIPPED " << filters[filter] << ": its library is not here (./dev setup test)");
    } else {
      CHECK(counts[filter] >= 500);
    }
  }
}
