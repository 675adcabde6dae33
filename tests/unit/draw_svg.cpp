// What the parser would never let through as a name: the picture stays a document. The pictures themselves are tested
// from outside, tests/golden/draw.py.
#include <catch2/catch.hpp>

#include "codegen/draw/picture.h"

using namespace deeper;

TEST_CASE("draw: text of any kind is escaped, wherever it stands") {
  const std::string odd = R"(a<b&"c">)", escaped = "a&lt;b&amp;&quot;c&quot;&gt;";
  Box leaf, module;
  leaf.title = odd;
  leaf.lines = {odd};
  leaf.kind = odd;
  leaf.shape = odd;
  module.title = odd;
  module.kind = "module";
  module.shape = odd;
  module.join = odd;
  module.branches = {{leaf, leaf}, {}};
  Picture picture;
  picture.title = odd;
  picture.boxes = {leaf, module, leaf};
  arrange(picture);
  const std::string svg = to_svg(picture);
  CHECK(svg.find(odd) == std::string::npos);
  CHECK(svg.find("<b") == std::string::npos);
  size_t count = 0;
  for (size_t at = svg.find(escaped); at != std::string::npos; at = svg.find(escaped, at + 1)) ++count;
  // The picture's title; two texts in each of four leaves; the module's title and join; two shapes on the trunk's
  // arrows.
  CHECK(count == 1 + 8 + 2 + 2);
}

TEST_CASE("draw: nothing but an input is a picture too") {
  Picture picture;
  picture.boxes.resize(1);
  arrange(picture);
  CHECK(picture.width > 0);
  CHECK(to_svg(picture).ends_with("</svg>\n"));
}
