// Names that would break out of a comment, a literal or an identifier reach C++ as escaped text only.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "codegen/emit/emit.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

/// The text without its string literals.
std::string code_of(const std::string& text) {
  std::string code;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') inside = !inside;
    if (inside && text[i] == '\\')
      ++i;
    else if (!inside)
      code += text[i];
  }
  return code;
}

Schedule hostile(const std::string& path) {
  TestNetwork network =
      from_text(small_spec("8, 8, 3", {"{id: a, conv: {kernel: 1, out: 4}}", "{id: b, softmax: {}}"}, "b"));
  REQUIRE(network.messages() == "");
  Graph graph = network.graph();
  for (Node& node : graph.nodes) {
    node.path += path;
    node.aliases.push_back(path + "alias");
    node.fused.push_back("fused" + path);
  }
  for (Constant& constant : graph.constants) constant.path += path;
  for (GraphHead& head : graph.heads) head.name = path;
  return schedule(graph, *find_target("x86-64-v4"), {});
}

TEST_CASE("hostile names stay inside literals") {
  const std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ \n+-*/%=<>(){}[]:;,.&#!?$|@'\"";
  for (const char* path : {"*/ EVIL", "\n#include EVIL", "\\\nEVIL", "\"; EVIL(); \"", "?\?/EVIL",
                           "\xe2\x80\xae"
                           "EVIL",
                           "}EVIL{"}) {
    for (const SourceText& source : emit(hostile(path))) {
      INFO(source.name << " with " << path);
      const std::string code = code_of(source.text);
      for (size_t at = code.find("EVIL"); at != std::string::npos; at = code.find("EVIL", at + 1)) {
        REQUIRE(at > 0);
        const char before = code[at - 1];  // part of an identifier or of a comment's words
        CHECK((before == '_' || before == '/' || std::isalnum(static_cast<unsigned char>(before))));
      }
      if (source.name.ends_with(".cpp")) CHECK(code.find_first_not_of(allowed) == std::string::npos);
    }
  }
}

TEST_CASE("hostile names compile") {
  const std::string command =
      std::string(DEEPER_CXX) +
      " -std=c++20 -march=x86-64-v4 -Wall -Wextra -Werror -fsyntax-only -I . -I " DEEPER_SOURCE_DIR " small.cpp";
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("deeper_hostile_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "runtime");
  for (const char* path : {"*/ x", "\n#error x", "\\\nx", "\"; x(); \"", "int", "a__b", "EOF", "?\?/", "1"}) {
    for (const SourceText& source : emit(hostile(path))) std::ofstream(folder / source.name) << source.text;
    INFO(path);
    CHECK(std::system(("cd " + folder.string() + " && " + command).c_str()) == 0);
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("heads that differ get constants that differ") {
  TestNetwork network = from_text(small_spec("8, 8, 3", {"{id: a, conv: {kernel: 1, out: 4}}"}, "a"));
  Graph graph = network.graph();
  graph.heads = {graph.heads.at(0), graph.heads.at(0), graph.heads.at(0)};
  graph.heads[0].name = "main";
  graph.heads[1].name = "Main";
  graph.heads[2].name = "main.height";
  const std::string header = emit(schedule(graph, *find_target("x86-64-v4"), {})).at(0).text;
  std::set<std::string> macros;
  for (size_t at = header.find("#define "); at != std::string::npos; at = header.find("#define ", at + 1)) {
    const size_t end = header.find_first_of(" (\n", at + 8);
    CHECK(macros.insert(header.substr(at + 8, end - at - 8)).second);
  }
  CHECK(macros.size() > 12);
}

}  // namespace
}  // namespace deeper
