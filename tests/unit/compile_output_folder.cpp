// A folder appears whole or not at all, and what is not ours stays.
#include <catch2/catch.hpp>
#include <filesystem>

#include "codegen/compile/files.h"
#include "codegen/compile/output_folder.h"
#include "compile_support.h"

using namespace deeper;
using Names = std::vector<std::string>;

namespace {

const std::string our_manifest = R"({"deeper": 1, "files": ["a.txt", "runtime/b.h"]})";

void write_ours(const TestFolder& folder, const std::string& name, const std::string& text) {
  folder.write(name + "/a.txt", text);
  folder.write(name + "/runtime/b.h", "b");
  folder.write(name + "/manifest.json", our_manifest);
}

bool commit_text(const std::string& target, const std::string& text, Diagnostics& diagnostics) {
  OutputFolder output(target, diagnostics);
  if (!output.ready()) return false;
  REQUIRE(output.write("a.txt", text).empty());
  REQUIRE(output.write("manifest.json", our_manifest).empty());
  return output.commit(diagnostics);
}

}  // namespace

TEST_CASE("a new folder, with parents that were missing") {
  const TestFolder folder;
  Diagnostics diagnostics;
  CHECK(commit_text(folder.path("x/y/out"), "new", diagnostics));
  CHECK(folder.names() == Names{"x", "x/y", "x/y/out", "x/y/out/a.txt", "x/y/out/manifest.json"});
  CHECK(messages(diagnostics).empty());
}

TEST_CASE("without a commit nothing is left, not even parents") {
  const TestFolder folder;
  Diagnostics diagnostics;
  {
    OutputFolder output(folder.path("x/y/out"), diagnostics);
    REQUIRE(output.ready());
    REQUIRE(output.write("a.txt", "half").empty());
    CHECK(folder.names().size() == 6);  // x, x/y, the temporary folder, its marker, the output, its file
  }
  CHECK(folder.names().empty());
}

TEST_CASE("an output of ours is replaced, through a link too") {
  const TestFolder folder;
  write_ours(folder, "out", "old");
  std::filesystem::create_directory_symlink("out", folder.path("link"));
  Diagnostics diagnostics;
  CHECK(commit_text(folder.path("link") + "/", "new", diagnostics));
  CHECK(folder.read("out/a.txt") == "new");
  CHECK(folder.names() == Names{"link", "out", "out/a.txt", "out/manifest.json"});
  CHECK(std::filesystem::is_symlink(folder.path("link")));
}

TEST_CASE("folders that are refused, and stay as they are") {
  const TestFolder folder;
  SECTION("somebody's files") {
    folder.write("out/thesis.txt", "ten years");
    CHECK_THAT(refusal(folder.path("out")), Catch::Contains("thesis.txt") && Catch::Contains("no manifest.json"));
  }
  SECTION("somebody's file among ours") {
    write_ours(folder, "out", "old");
    folder.write("out/runtime/mine.h", "mine");
    CHECK_THAT(refusal(folder.path("out")), Catch::Contains("runtime/mine.h"));
  }
  SECTION("a source of ours that was edited") {
    folder.write("out/a.txt", "mine");
    folder.write("out/manifest.json", R"({"deeper": 1, "files": ["a.txt"], "sources": {"a.txt": "00ff"}})");
    CHECK(refusal(folder.path("out")) == "its a.txt was changed since deeper wrote it");
  }
  SECTION("nothing but folders") {
    std::filesystem::create_directories(folder.path("out/years/ten"));
    CHECK_THAT(refusal(folder.path("out")), Catch::Contains("(years/)") && Catch::Contains("no manifest.json"));
  }
  SECTION("the first file is told, not the last") {
    folder.write("out/b.txt", "x");
    folder.write("out/a/a.txt", "x");
    CHECK_THAT(refusal(folder.path("out")), Catch::Contains("(b.txt)"));
  }
  SECTION("another program's manifest") {
    folder.write("out/manifest.json", R"({"name": "app", "files": ["a.txt"]})");
    CHECK_THAT(refusal(folder.path("out")), Catch::Contains("manifest.json"));
  }
  SECTION("a file") {
    folder.write("out", "text");
    CHECK(refusal(folder.path("out")) == "it is a file");
  }
  const Names before = folder.names();
  Diagnostics diagnostics;
  CHECK_FALSE(commit_text(folder.path("out"), "new", diagnostics));
  CHECK_THAT(messages(diagnostics), Catch::Contains(folder.path("out")));
  CHECK(folder.names() == before);
}

TEST_CASE("folders that may be replaced") {
  const TestFolder folder;
  CHECK(refusal(folder.path("missing")).empty());
  std::filesystem::create_directory(folder.path("empty"));
  CHECK(refusal(folder.path("empty")).empty());
  write_ours(folder, "out", "old");
  CHECK(refusal(folder.path("out")).empty());
}

TEST_CASE("a path below a file") {
  const TestFolder folder;
  folder.write("file", "x");
  Diagnostics diagnostics;
  CHECK_FALSE(commit_text(folder.path("file/out"), "new", diagnostics));
  CHECK_THAT(messages(diagnostics), Catch::Contains("Not a directory"));
  CHECK(folder.names() == Names{"file"});
}
