// Where outputs go: beside their place, whatever way that is written, and from whichever folder.
#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "codegen/compile/files.h"
#include "codegen/compile/output_folder.h"
#include "codegen/compile/place.h"
#include "compile_support.h"

using namespace deeper;
namespace fs = std::filesystem;

namespace {

/// The working folder for a while.
class Inside {
 public:
  explicit Inside(const std::string& folder) : before_(fs::current_path()) { fs::current_path(folder); }
  ~Inside() {
    std::error_code ignored;
    fs::current_path(before_, ignored);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  fs::path before_;
};

std::string place(const std::string& path) {
  std::string reason;
  const std::string found = real_place(path, reason);
  return found.empty() ? "error: " + reason : found;
}

}  // namespace

TEST_CASE("what does not exist yet is beside, not in /") {
  const TestFolder folder;
  const Inside inside(folder.path());
  const std::string here = fs::current_path().string();
  fs::create_directory("there");
  for (const char* name : {"out", "./out", "out/", "./out//", "there/../out", "./a/../out", "../"}) {
    INFO(name);
    CHECK(place(name) == (name == std::string("../") ? fs::path(here).parent_path().string() : here + "/out"));
  }
  CHECK(place("x/y/out") == here + "/x/y/out");
  CHECK(place("there/out") == here + "/there/out");
  CHECK(place("/") == "/");
  CHECK(place("/out") == "/out");
  CHECK(folder_of("/out") == "/");
  CHECK(folder_of(here + "/out") == here);
}

TEST_CASE("links are followed, those that lead nowhere too") {
  const TestFolder folder;
  const Inside inside(folder.path());
  const std::string here = fs::current_path().string();
  fs::create_directories("far/away");
  fs::create_directory_symlink("far/away", "link");
  fs::create_symlink("far/new", "dangling");
  fs::create_symlink(here + "/dangling", "twice");
  fs::create_symlink("round", "round");
  CHECK(place("link") == here + "/far/away");
  CHECK(place("link/out") == here + "/far/away/out");
  CHECK(place("link/../out") == here + "/far/out");
  CHECK(place("dangling") == here + "/far/new");
  CHECK(place("twice") == here + "/far/new");
  CHECK(place("round") == "error: Too many levels of symbolic links");
}

TEST_CASE("without a working folder only absolute paths have a place") {
  const TestFolder folder;
  fs::create_directory(folder.path("gone"));
  const Inside inside(folder.path("gone"));
  fs::remove(folder.path("gone"));
  CHECK_THAT(place("out"), Catch::StartsWith("error: the current folder is gone"));
  CHECK(place(folder.path("out")) == fs::canonical(folder.path()).string() + "/out");
  Diagnostics diagnostics;
  CHECK_FALSE(OutputFolder("out", diagnostics).ready());
  CHECK_THAT(messages(diagnostics), Catch::StartsWith("cannot create out: the current folder is gone"));
}

TEST_CASE("the temporary folder is where the output will be") {
  const TestFolder folder;
  const Inside inside(folder.path());
  fs::create_directory("far");
  fs::create_symlink("far/new", "dangling");
  const std::string here = fs::current_path().string();
  Diagnostics diagnostics;
  for (const char* name : {"out", "./out", "out/", "a/../out"}) {
    INFO(name);
    OutputFolder output(name, diagnostics);
    CHECK(folder_of(folder_of(output.path())) == here);
    CHECK(output.commit(diagnostics));
    CHECK(fs::remove("out"));
  }
  {
    OutputFolder output("dangling", diagnostics);
    CHECK(folder_of(folder_of(output.path())) == here + "/far");
    CHECK(output.commit(diagnostics));
  }
  CHECK(folder.names() == std::vector<std::string>{"dangling", "far", "far/new"});
  CHECK(fs::is_symlink("dangling"));
  CHECK(messages(diagnostics).empty());
}

TEST_CASE("another file system: an output in it, not in its place") {
  const TestFolder folder;
  fs::create_directory(folder.path("mounted"));
  if (mount("none", folder.path("mounted").c_str(), "tmpfs", 0, "size=100k") != 0) {
    WARN("SKIPPED: no file system can be mounted here");
    return;
  }
  {
    const Inside inside(folder.path("mounted"));
    Diagnostics diagnostics;
    OutputFolder output("out", diagnostics);
    CHECK(output.commit(diagnostics));
    CHECK(messages(diagnostics).empty());
  }
  CHECK(fs::is_directory(folder.path("mounted/out")));
  fs::remove(folder.path("mounted/out"));
  CHECK_THAT(refusal(folder.path("mounted")), Catch::StartsWith("another file system is mounted there"));
  CHECK(umount(folder.path("mounted").c_str()) == 0);
}
