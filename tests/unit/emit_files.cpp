// The list of runtime files: everything that the sources need, nothing else.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "codegen/emit/emit.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;
const fs::path runtime = DEEPER_SOURCE_DIR "/runtime";

std::string read(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void add_includes(const std::string& text, std::set<std::string>& files) {
  static const std::regex include("#include \"runtime/([^\"]+)\"");
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match) {
    const std::string name = (*match)[1];
    if (files.insert(name).second) add_includes(read(runtime / name), files);
  }
}

TEST_CASE("the folder carries every runtime file that its sources include, directly or not, and no other") {
  TestNetwork network = from_zoo("googlenet");
  const Schedule s = schedule(optimize(network.graph(), {}), *find_target("x86-64-v4"),
                              {{}, {}, &*network.checked.spec.preprocess, {}, {}});
  std::set<std::string> needed;
  for (const SourceText& source : emit(s)) add_includes(source.text, needed);
  for (const auto& entry : fs::directory_iterator(runtime)) {
    if (entry.path().extension() != ".cpp") continue;
    needed.insert(entry.path().filename());
    add_includes(read(entry.path()), needed);
  }
  CHECK(needed.erase("target.h") == 1);  // the one that is written for the target
  const std::vector<std::string> listed = runtime_files(s);
  CHECK(std::set<std::string>(listed.begin(), listed.end()) == needed);
  CHECK(std::is_sorted(listed.begin(), listed.end()));
  for (const std::string& name : listed) CHECK(fs::exists(runtime / name));
}

}  // namespace
}  // namespace deeper
