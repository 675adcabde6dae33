#include <catch2/catch.hpp>

#include "codegen/compile/labels.h"
#include "compile_support.h"

using namespace deeper;

namespace {

using Lists = std::vector<std::vector<std::string>>;

/// Heads `main` and `aux` with three classes each, `tap` a map.
Graph network() {
  Graph graph;
  Node classes, map;
  classes.shape = {1, 1, 3};
  map.shape = {7, 7, 3};
  graph.nodes = {classes, map};
  graph.heads = {{"main", NodeId{0}, NodeId{0}, "", 5, {}},
                 {"aux", NodeId{0}, NodeId{0}, "", 5, {}},
                 {"tap", NodeId{1}, NodeId::none, "", 5, {}}};
  return graph;
}

}  // namespace

TEST_CASE("a file without a head is for every head with so many classes") {
  const TestFolder folder;
  folder.write("l.txt", "a\r\nb\n\xC3\xB6\n\n");
  Diagnostics diagnostics;
  const std::vector<std::string> three = {"a", "b", "\xC3\xB6"};
  CHECK(read_labels(network(), {folder.path("l.txt")}, "net.yaml", diagnostics) == Lists{three, three, {}});
  CHECK(messages(diagnostics).empty());
}

TEST_CASE("a file for one head; the spec's own for another; a note for none") {
  const TestFolder folder;
  folder.write("one.txt", "a\nb\nc\n");
  folder.write("two.txt", "x\ny\nz");
  Graph graph = network();
  graph.heads[1].labels = "two.txt";
  Diagnostics diagnostics;
  CHECK(read_labels(graph, {"main=" + folder.path("one.txt")}, folder.path("net.yaml"), diagnostics) ==
        Lists{{"a", "b", "c"}, {"x", "y", "z"}, {}});
  CHECK(messages(diagnostics).empty());
  graph.heads[1].labels.clear();
  const Lists one = read_labels(graph, {"main=" + folder.path("one.txt")}, folder.path("net.yaml"), diagnostics);
  CHECK(messages(diagnostics).empty());
  note_missing_labels(graph, one, diagnostics);
  CHECK_THAT(messages(diagnostics), Catch::Contains("`aux` has no labels"));
  CHECK_THAT(messages(diagnostics), !Catch::Contains("`main`"));
  CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("labels that do not fit") {
  const TestFolder folder;
  folder.write("four.txt", "a\nb\nc\nd\n");
  folder.write("bad.txt", "a\xff\nb\nc\n");
  Diagnostics diagnostics;
  std::string option, why;
  SECTION("another count") {
    option = folder.path("four.txt"), why = "four.txt has 4 lines, but head `main` has 3 classes";
  }
  SECTION("no such head") { option = "mian=" + folder.path("four.txt"), why = "no head `mian`"; }
  SECTION("no such file") { option = folder.path("none.txt"), why = "No such file"; }
  SECTION("a folder") { option = folder.path(), why = "is a folder"; }
  SECTION("not UTF-8") { option = folder.path("bad.txt"), why = "bad.txt:1:2: a byte that is no UTF-8 text"; }
  read_labels(network(), {option}, "net.yaml", diagnostics);
  CHECK(diagnostics.has_errors());
  CHECK_THAT(messages(diagnostics), Catch::Contains(why));
}

TEST_CASE("labels hold nothing that steers a terminal; the place is told") {
  using namespace std::string_literals;
  const std::pair<std::string, std::string> cases[] = {
      {"a\nb\x1b[31m\nc\n", "l.txt:2:2: a control character"},
      {"a\nb\n\xc3\xa4\xc2\x9b\n", "l.txt:3:2: a control character"},
      {"a\x7f\nb\nc\n", "l.txt:1:2: a control character"},
      {"a\nb\rx\nc\n", "l.txt:2:2: a control character"},
      {"a\n\xe2\x80\xae"
       "b\nc\n",
       "l.txt:2:1: a control character"},
      {"a\n\xe2\x81\xa6"
       "b\nc\n",
       "l.txt:2:1: a control character"},
      {"0\ta\n1\tb\n2\tc\n", "l.txt:1:2: a tab"},
      {"a\nb\0b\nc\n"s, "l.txt:2:2: a byte 0"},
      {"\xff\xfe"
       "a\0\n\0b\0\n\0c\0"s,
       "l.txt:1:1: this is UTF-16"},
      {"a\0\n\0b\0\n\0c\0"s, "l.txt:1:1: this is UTF-16"},
  };
  for (const auto& [text, why] : cases) {
    const TestFolder folder;
    folder.write("l.txt", text);
    Diagnostics diagnostics;
    read_labels(network(), {folder.path("l.txt")}, "net.yaml", diagnostics);
    CHECK(diagnostics.has_errors());
    CHECK_THAT(messages(diagnostics), Catch::Contains(why));
    CHECK_FALSE(diagnostics.all().front().help.empty());
  }
}

TEST_CASE("a byte order mark before labels is skipped") {
  const TestFolder folder;
  folder.write("l.txt",
               "\xef\xbb\xbf"
               "a\r\nb\r\nc");
  Diagnostics diagnostics;
  const std::vector<std::string> three = {"a", "b", "c"};
  CHECK(read_labels(network(), {folder.path("l.txt")}, "net.yaml", diagnostics) == Lists{three, three, {}});
}
