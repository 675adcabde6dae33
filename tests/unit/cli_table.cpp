#include <catch2/catch.hpp>

#include "codegen/cli/table.h"

using namespace deeper;

TEST_CASE("columns are as wide as their widest value, numbers at the right, no trailing blanks") {
  CHECK(format_table({{"layer", "n"}, {"a", "1,000"}, {"b\xC3\xB6", ""}}, {false, true}) ==
        "layer      n\na      1,000\nb\xC3\xB6\n");
}

TEST_CASE("numbers with commas") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1582671872) == "1,582,671,872");
  CHECK(grouped(-123456) == "-123,456");
}

TEST_CASE("sizes for people") {
  CHECK(size_text(640) == "640 bytes");
  CHECK(size_text(12'345) == "12 kB");
  CHECK(size_text(27'994'208) == "28.0 MB");
}
