// What resizing may cost, counted in steps of inner loops: the bound in runtime/image.h, for every filter, for shapes
// that strangers choose.
#include <catch2/catch.hpp>
#include <vector>

#include "runtime/resize.h"

namespace {

struct Shape {
  int64_t height, width;
};

rt::ResizeGeometry geometry_of(const Shape& in, const Shape& out, int side, int orientation, int filter) {
  rt::ResizeGeometry g{};
  g.full_height = in.height;
  g.full_width = in.width;
  g.in_height = in.height;
  g.in_width = in.width;
  g.out_height = out.height;
  g.out_width = out.width;
  g.top = (out.height - side) / 2;
  g.left = (out.width - side) / 2;
  g.height = g.width = side;
  g.orientation = orientation;
  g.filter = static_cast<rt::Filter>(filter);
  return g;
}

/// Steps for a black picture; -1 when its shape was refused.
int64_t work_of(const rt::ResizeGeometry& g) {
  const int64_t rows = g.transposed() ? g.in_width : g.in_height, pixels = g.transposed() ? g.in_height : g.in_width;
  const std::vector<unsigned char> row(static_cast<size_t>(pixels) * 3);
  rt::Resizer resizer;
  rt::ImageReport report;
  if (!resizer.begin(g, report)) {
    CHECK(report.status == rt::status_image_too_large);
    return -1;
  }
  for (int64_t y = 0; y < rows; ++y) resizer.row(row.data());
  return resizer.work();
}

/// image.h's: 16 for each pixel of the picture, of what lies between the two passes, of the result.
int64_t bound_of(const rt::ResizeGeometry& g) {
  return 16 * (g.in_height * g.in_width + g.in_height * g.width + int64_t{g.height} * g.width);
}

}  // namespace

TEST_CASE("resizing costs no more than input and output ask for") {
  constexpr int side = 24;
  const Shape shapes[] = {{65535, 1}, {1, 65535}, {65535, 10}, {10, 65535}, {3000, 40}, {700, 600}, {20, 20}, {1, 1}};
  for (const Shape& in : shapes) {
    const bool tall = in.height > in.width;
    const Shape outs[] = {{side, side},
                          {tall ? side * in.height / in.width : side, tall ? side : side * in.width / in.height}};
    for (const Shape& out : outs) {
      for (const int orientation : {1, 3, 6, 8}) {
        for (int filter = 0; filter <= static_cast<int>(rt::Filter::bilinear_align_corners); ++filter) {
          const rt::ResizeGeometry g = geometry_of(in, out, side, orientation, filter);
          INFO("filter " << filter << ", " << in.height << "x" << in.width << " to " << out.height << "x" << out.width
                         << ", orientation " << orientation);
          const int64_t work = work_of(g);
          CHECK(work >= 0);
          CHECK(work <= bound_of(g));
        }
      }
    }
  }
}
