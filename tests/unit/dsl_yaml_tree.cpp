#include "dsl/yaml_tree.h"

#include <catch2/catch.hpp>

#include "tests/unit/dsl_support.h"

using namespace deeper;
using dsl_test::given;

namespace {

struct Read {
  std::optional<YamlNode> root;
  Sources sources;
  Diagnostics diagnostics;
  std::string id() const { return diagnostics.all().empty() ? "" : std::string(diagnostics.all()[0].id); }
};

Read read(std::string text) {
  Read out;
  const FileId file = out.sources.add("f.yaml", std::move(text));
  out.root = read_yaml(file, out.sources, out.diagnostics);
  return out;
}

std::string place(const Range& range) {
  return std::to_string(range.line) + ":" + std::to_string(range.column) + "+" + std::to_string(range.length);
}

}  // namespace

TEST_CASE("every node has the place and length of its text") {
  const Read r = read("a: 12\nb: [x, \"q\\\"t\", 'it''s']  # c\nk:\n  \u00fc: \u00fcber alles\n");
  const YamlNode& root = given(r.root);
  CHECK(place(root.range) == "1:1+1");
  CHECK(place(root.find("a")->range) == "1:4+2");
  const YamlNode& list = *root.find("b");
  CHECK(place(list.range) == "2:4+1");
  CHECK(place(list.items[0].range) == "2:5+1");
  CHECK(place(list.items[1].range) == "2:8+6");
  CHECK(list.items[1].text == "q\"t");
  CHECK(place(list.items[2].range) == "2:16+7");
  CHECK(list.items[2].text == "it's");
  const YamlNode& inner = *root.find("k");
  CHECK(place(inner.keys[0].range) == "4:3+1");
  CHECK(place(inner.items[0].range) == "4:6+10");  // columns count code points
}

TEST_CASE("kinds of scalars follow quotes and the core schema") {
  const Read r = read("[~, null, '', \"null\", yes, true, 1.5, '1.5', ]");
  const auto& items = given(r.root).items;
  REQUIRE(items.size() == 8);
  CHECK(items[0].kind == YamlNode::Kind::null);
  CHECK(items[1].kind == YamlNode::Kind::null);
  CHECK(items[2].is_text());
  CHECK(items[3].is_text());
  CHECK(items[4].is_text());
  CHECK_FALSE(items[5].is_text());
  CHECK_FALSE(items[6].is_text());
  CHECK(items[7].is_text());
  CHECK(seen(items[0]) == "nothing");
  CHECK(seen(items[4]) == "the text `yes`");
  CHECK(seen(items[5]) == "`true`");
  CHECK(seen(items[6]) == "the number `1.5`");
}

TEST_CASE("line ends of other systems, and document marks") {
  const Read r = read("---\r\na: 1\r\nb: 2\r\n...\r\n");
  CHECK(place(given(r.root).find("b")->range) == "3:4+1");
  CHECK(r.diagnostics.all().empty());
}

TEST_CASE("what the language leaves out of YAML is refused") {
  CHECK(read("a: &x 1").id() == "anchor-or-alias");
  CHECK(read("a: *x").id() == "anchor-or-alias");
  CHECK(read("&x a: 1").id() == "anchor-or-alias");
  CHECK(read("a: !!str 1").id() == "yaml-tag");
  CHECK(read("a: ! 1").id() == "yaml-tag");
  CHECK(read("a: !<tag:x> [1]").id() == "yaml-tag");
  CHECK(read("a: 1\n---\nb: 1").id() == "second-document");
  CHECK(read("? [a]\n: 1").id() == "bad-key");
  CHECK(read("? {a: 1}\n: 1").id() == "bad-key");
  CHECK(read("a: 1\n: 2").id() == "bad-key");
  CHECK(read("a: 1\n\tb: 1").id() == "tab-indentation");
  CHECK(read("a\rb").id() == "bad-encoding");
  CHECK(read(std::string("a\0b", 3)).id() == "bad-encoding");
  CHECK(read("").id() == "empty-file");
  CHECK(read(" \n# only this\n").id() == "empty-file");
}

TEST_CASE("a duplicate key is an error with both places; the first value stays") {
  const Read r = read("a: 1\nb: {x: 1, x: {x: 2}}\na: 3\n");
  REQUIRE(r.diagnostics.all().size() == 2);
  CHECK(place(r.diagnostics.all()[0].range) == "2:11+1");
  CHECK(place(r.diagnostics.all()[1].range) == "3:1+1");
  CHECK(place(r.diagnostics.all()[1].notes.at(0).range) == "1:1+1");
  CHECK(given(r.root).find("a")->text == "1");
  CHECK(given(r.root).find("b")->items.size() == 1);
}

TEST_CASE("malformed text is an error, not a crash and not a tree") {
  for (const char* text :
       {",",         "]",    "}",         "[",       "{",    "\"",      "'",          "a: b: c",
        "- a\nb",    "a: [", "[a, b",     "{a: 1",   "%",    "@",       "`",          "|",
        "a: |2\n x", "? ",   "- - -\n -", ": :",     "[[[[", "a: 'x\n", "%TAG ! x\n", "%YAML 9.9\n---\na",
        "!",         "&",    "*",         "--- ---", "{,}",  "[,]"}) {
    INFO(text);
    const Read r = read(text);
    CHECK((r.root.has_value() || r.diagnostics.has_errors()));
    for (const Diagnostic& each : r.diagnostics.all())
      CHECK(render(r.diagnostics, r.sources, false).find(each.message) != std::string::npos);
  }
}

TEST_CASE("bounds on depth, values and bytes") {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(read(nested(64)).root);
  CHECK(read(nested(65)).id() == "too-deep");
  CHECK(read(nested(max_yaml_nodes)).id() == "too-deep");
  CHECK(read(nested(500'000)).id() == "too-many-values");
  std::string many = "[";
  for (int i = 0; i < max_yaml_nodes; ++i) many += "1,";
  CHECK(read(many + "]").id() == "too-many-values");
  CHECK(read("a: 1\n" + std::string(max_file_bytes, '#')).id() == "file-too-large");
  CHECK(read("a: 1\n" + std::string(max_file_bytes - 5, '#')).root);
}
