// The zoo: every network reads without a word, and its flat text says the same again.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "dsl/parse.h"

using namespace deeper;

namespace {

std::vector<std::string> zoo() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(DEEPER_SOURCE_DIR "/dsl/networks"))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every network of the zoo expands, and expands again to the same") {
  const auto files = zoo();
  REQUIRE(files.size() >= 4);
  for (const std::string& file : files) {
    INFO(file);
    Sources sources;
    Diagnostics diagnostics;
    const NetworkSpec spec = parse(file, {}, sources, diagnostics);
    INFO(render(diagnostics, sources, false));
    REQUIRE(diagnostics.all().empty());
    CHECK(spec.name == std::filesystem::path(file).stem());
    const std::string flat = print_yaml(spec);
    const NetworkSpec again = parse_text("flat.yaml", flat, {}, sources, diagnostics);
    INFO(render(diagnostics, sources, false));
    REQUIRE(diagnostics.all().empty());
    CHECK(print_yaml(again) == flat);
    CHECK(spec_hash(again) == spec_hash(spec));
  }
}
