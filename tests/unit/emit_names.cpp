// What a network's name is put in front of.
#include <catch2/catch.hpp>
#include <iterator>
#include <regex>
#include <set>

#include "codegen/emit/emit.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "dsl/network_name.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

TEST_CASE("the words of the C interface are those that names are held against") {
  TestNetwork network = from_zoo("googlenet");
  Schedule s = schedule(optimize(network.graph(), {}), *find_target("x86-64-v4"),
                        {{}, {}, &*network.checked.spec.preprocess, {}, {}});
  s.network = "zz";
  std::set<std::string, std::less<>> words;
  const std::regex word("\\bzz_([a-z_]+)\\b(?!\\.)");
  for (const SourceText& source : emit(s)) {
    if (source.name != "zz.h" && source.name != "zz_main.cpp") continue;
    for (std::sregex_iterator match(source.text.begin(), source.text.end(), word), end; match != end; ++match)
      words.insert((*match)[1]);
  }
  words.erase("image");  // libzz_image.a
  CHECK(words == std::set<std::string, std::less<>>(std::begin(interface_words), std::end(interface_words)));
}

}  // namespace
}  // namespace deeper
