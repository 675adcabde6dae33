#include "dsl/diagnostics.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace deeper;

namespace {

struct Fixture {
  Sources sources;
  Diagnostics diagnostics;
  FileId file = sources.add("net.yaml", "first line\n  - {conv: {kernel: 3, pad: valid}}\n\tx: \x01\n");
};

}  // namespace

TEST_CASE_METHOD(Fixture, "an error shows its line, a caret, notes, the way to it, and help") {
  const int outer = sources.expand({{file, 1, 1, 5, -1}, "repeat 2 of 3", -1});
  const int inner = sources.expand({{file, 1, 7, 4, outer}, "block `b`", outer});
  auto& error = diagnostics.error("unknown-key", {file, 2, 29, 5, inner}, "something is wrong");
  error.notes.push_back({{file, 1, 1, 1, -1}, "the other is here"});
  error.help = "mend it";
  CHECK(render(diagnostics, sources, false) ==
        "net.yaml:2:29: error: something is wrong\n"
        "    2 |   - {conv: {kernel: 3, pad: valid}}\n"
        "      |                             ^~~~~\n"
        "net.yaml:1:1: note: the other is here\n"
        "net.yaml:1:7: note: in block `b` used here\n"
        "net.yaml:1:1: note: in repeat 2 of 3 here\n"
        "help: mend it\n");
}

TEST_CASE_METHOD(Fixture, "diagnostics come in the order of the text; those without a place first") {
  diagnostics.error("unknown-key", {file, 2, 5, 1, -1}, "second");
  diagnostics.warning("unknown-key", {file, 2, 3, 1, -1}, "first");
  diagnostics.note("unknown-key", {}, "no place");
  const std::string text = render(diagnostics, sources, false);
  CHECK(text.find("note: no place\n") == 0);
  CHECK(text.find("warning: first") < text.find("error: second"));
  CHECK(diagnostics.error_count() == 1);
}

TEST_CASE_METHOD(Fixture, "what is shown cannot steer a terminal, and lines up") {
  diagnostics.error("bad-encoding", {file, 3, 5, 1, -1}, "control");
  CHECK(render(diagnostics, sources, false) == "net.yaml:3:5: error: control\n    3 |  x: ?\n      |     ^\n");
}

TEST_CASE_METHOD(Fixture, "nothing of strangers steers a terminal or passes for a line of ours, wherever it stands") {
  const std::string evil = "\x1b]0;x\x07\xc2\x9b\u202e\nerror: all is lost";
  auto& error = diagnostics.error("bad-labels", {}, "cannot read " + evil);
  error.notes.push_back({{}, "in " + evil});
  error.help = "try " + evil;
  const std::string text = render(diagnostics, sources, false), json = to_json(diagnostics, sources);
  const std::string seen = "?]0;x???\n    error: all is lost\n";
  CHECK(text == "error: cannot read " + seen + "note: in " + seen + "help: try " + seen);
  CHECK(json.find_first_of("\x1b\x07") == std::string::npos);
  CHECK(json.find("\xc2\x9b") == std::string::npos);
  CHECK(nlohmann::json::parse(json)["errors"][0]["help"] == "try " + evil);
}

TEST_CASE("long lines are cut around the caret") {
  Sources sources;
  Diagnostics diagnostics;
  const FileId file = sources.add("f", std::string(1000, 'a') + "X" + std::string(1000, 'b'));
  diagnostics.error("bad-yaml", {file, 1, 1001, 900, -1}, "here");
  const std::string text = render(diagnostics, sources, false);
  CHECK(text.size() < 500);
  const size_t x = text.find('X'), caret = text.find('^'), line = text.find("    1 |"), under = text.find("      |");
  CHECK(x - line == caret - under);
}

TEST_CASE_METHOD(Fixture, "colours are ANSI and can be off") {
  diagnostics.error("unknown-key", {file, 1, 1, 1, -1}, "wrong");
  CHECK(render(diagnostics, sources, true).find("\033[1;31merror") != std::string::npos);
  CHECK(render(diagnostics, sources, false).find('\033') == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "the same mistake at the same place counts once") {
  diagnostics.error("unknown-key", {file, 1, 1, 1, 0}, "wrong").help = "first";
  diagnostics.error("unknown-key", {file, 1, 1, 1, 1}, "wrong").help = "second";
  diagnostics.error("unknown-key", {file, 1, 1, 1, 1}, "otherwise wrong");
  diagnostics.error("bad-set", {}, "no place");
  diagnostics.error("bad-set", {}, "no place");
  CHECK(diagnostics.error_count() == 4);
  CHECK(diagnostics.all()[0].help == "first");
}

TEST_CASE_METHOD(Fixture, "what is kept is bounded, what is counted is not") {
  for (int i = 0; i < 300; ++i)
    diagnostics.error("unknown-key", {file, 1, 1, 1, -1}, "wrong " + std::to_string(i)).help = "x";
  CHECK(diagnostics.error_count() == 300);
  CHECK(diagnostics.all().size() == Diagnostics::most);
  CHECK(diagnostics.omitted() == 100);
  CHECK(render(diagnostics, sources, false).ends_with("note: and 100 more\n"));
}

TEST_CASE_METHOD(Fixture, "JSON has the fields of the contract") {
  auto& error = diagnostics.error("unknown-key", {file, 2, 29, 5, -1}, "wrong \x01 \xff");
  error.notes.push_back({{file, 1, 1, 1, -1}, "the other"});
  error.help = "mend it";
  diagnostics.error("bad-set", {}, "no place");
  const std::string text = to_json(diagnostics, sources);
  CHECK(text.find("{\n  \"deeper\": 1,") == 0);
  const auto json = nlohmann::json::parse(text);
  CHECK(json["errors"].size() == 2);
  CHECK(json["errors"][0]["file"].is_null());
  const auto& one = json["errors"][1];
  CHECK(one["id"] == "unknown-key");
  CHECK(one["file"] == "net.yaml");
  CHECK(one["line"] == 2);
  CHECK(one["column"] == 29);
  CHECK(one["severity"] == "error");
  CHECK(one["notes"][0]["message"] == "the other");
  CHECK(one["notes"][0]["line"] == 1);
  CHECK(one["help"] == "mend it");
}
