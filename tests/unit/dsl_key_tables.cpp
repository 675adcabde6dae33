// dsl/README.md: its key tables are those of the reader, its example reads. UPDATE_GOLDEN=1 writes the tables anew.
#include "dsl/key_tables.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/dsl_support.h"

namespace {

const std::string file = DEEPER_SOURCE_DIR "/dsl/README.md";
const std::string begin_mark = "<!-- key tables: UPDATE_GOLDEN=1 ctest -R unit_dsl -->\n",
                  end_mark = "<!-- end of key tables -->\n";

std::string read_readme() {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("README: the key tables are those of the reader") {
  std::string text = read_readme();
  const size_t begin = text.find(begin_mark), end = text.find(end_mark);
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const size_t from = begin + begin_mark.size();
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    text.replace(from, end - from, deeper::key_tables());
    std::ofstream(file) << text;
  } else {
    CHECK(text.substr(from, end - from) == deeper::key_tables());
  }
}

TEST_CASE("README: every key says what it takes, its default and what it means") {
  CHECK(deeper::key_tables().find("|  |") == std::string::npos);
}

TEST_CASE("README: the example reads") {
  const std::string text = read_readme(), fence = "```yaml\n";
  const size_t begin = text.find(fence + "deeper: 1"), end = text.find("```\n", begin + fence.size());
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const auto spec = dsl_test::parse_ok(text.substr(begin + fence.size(), end - begin - fence.size()));
  CHECK(spec.heads.size() == 2);
}
