// What killed builds leave is removed by the next one, and nothing else ever is.
#include "codegen/compile/work_folder.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "codegen/compile/files.h"
#include "codegen/compile/output_folder.h"
#include "codegen/compile/tree.h"
#include "compile_support.h"

using namespace deeper;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

namespace {

// A build beside `folder`'s "out" that is killed when it has written a few files; the name of what it leaves.
std::string killed_build(const TestFolder& folder) {
  const pid_t child = fork();
  if (child == 0) {
    Diagnostics diagnostics;
    OutputFolder output(folder.path("out"), diagnostics);
    bool fine = output.ready() && output.write("net.cpp", "text").empty();
    fine = fine && mkdir((output.path() + "/obj").c_str(), 0777) == 0;
    output.announce("obj/net.o");
    fine = fine && write_file(output.path() + "/obj/net-1a2b3c4d.o.tmp", "half").empty();
    fine = fine && write_file(output.path() + "/obj/net.su", "stack").empty();
    if (fine) kill(getpid(), SIGKILL);
    _exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  std::vector<FolderEntry> entries;
  REQUIRE(list_folder(folder.path(), entries).empty());
  REQUIRE(entries.size() == 1);
  REQUIRE(entries[0].name.starts_with(".deeper-build-"));
  return entries[0].name;
}

void another_build(const TestFolder& folder) {
  Diagnostics diagnostics;
  const OutputFolder output(folder.path("another"), diagnostics);
  CHECK(output.ready());
}

}  // namespace

TEST_CASE("what a killed build left goes with the next one beside it") {
  const TestFolder folder;
  killed_build(folder);
  another_build(folder);
  CHECK(folder.names().empty());
}

TEST_CASE("what a running build writes stays") {
  const TestFolder folder;
  Diagnostics diagnostics;
  OutputFolder running(folder.path("first"), diagnostics);
  CHECK(running.write("a.txt", "x").empty());
  another_build(folder);
  CHECK(fs::exists(running.path() + "/a.txt"));
}

TEST_CASE("somebody's file in it, and all of it stays") {
  const TestFolder folder;
  const std::string left = killed_build(folder);
  const std::string place = GENERATE("/thesis.txt", "/output/thesis.txt", "/output/obj/thesis.txt",
                                     "/output/obj/net-thesis.odt", "/output/net/thesis.txt", "/output/mine.cpp");
  INFO(place);
  folder.write(left + place, "ten years");
  const Names before = folder.names();
  another_build(folder);
  CHECK(folder.names() == before);
  CHECK(folder.read(left + place) == "ten years");
}

TEST_CASE("names and markers alone prove nothing") {
  const TestFolder folder;
  const std::string left = killed_build(folder);
  fs::copy(folder.path(left), folder.path(".deeper-build-copy"), fs::copy_options::recursive);
  fs::remove_all(folder.path(left));
  for (const char* name : {".deeper-2024-01-01", ".deeper-", ".deeper-99999999-0", ".deeper-build-1-0"})
    folder.write(std::string(name) + "/precious/thesis.txt", "ten years");
  fs::create_directory(folder.path(".deeper-build-empty"));
  folder.write("elsewhere/" + std::string(work_marker), "x");
  fs::create_directory_symlink("elsewhere", folder.path(".deeper-build-link"));
  const Names before = folder.names();
  another_build(folder);
  CHECK(folder.names() == before);
}

TEST_CASE("what is on its way to a listed file") {
  const std::set<std::string> names = {"net", "libnet.a", "obj/net.o"};
  for (const char* name : {"net", "libnet.a", "obj/net.o", "obj/net.su", "obj/net-12ab34cd.o.tmp", "net.tmp1a2b3c4",
                           "libnet.a.temp-archive-1a2b3c4.a"})
    CHECK(is_one_of(names, name));
  for (const char* name :
       {"net.cpp", "obj/other.o", "obj/other.su", "obj/net.txt", "thesis.tmp", "obj/other-1.o.tmp", "sub/net", ""})
    CHECK_FALSE(is_one_of(names, name));
}

TEST_CASE("a file that comes into the old output at the last moment is not lost") {
  const TestFolder folder;
  folder.write("out/manifest.json", R"({"deeper": 1, "files": []})");
  CHECK_FALSE(remove_ours(folder.path("out"), [](const std::string&) { return false; }));
  folder.write("out/sub/file", "x");
  CHECK_FALSE(remove_ours(folder.path("out"), [](const std::string& name) { return name == "manifest.json"; }));
  CHECK(folder.names() == Names{"out", "out/manifest.json", "out/sub", "out/sub/file"});
  CHECK(remove_ours(folder.path("out"), [](const std::string&) { return true; }));
  CHECK(folder.names().empty());
}

TEST_CASE("a walk: files before folders, by name, and no further than asked") {
  const TestFolder folder;
  for (const char* name : {"b/2/x", "b/1", "a", "c/y"}) folder.write(name, "x");
  fs::create_directory_symlink("c", folder.path("d"));
  Names seen;
  const auto visit = [&](const std::string& name, bool is_folder) {
    seen.push_back(name + (is_folder ? "/" : ""));
    return name != "b/2";
  };
  CHECK(walk(folder.path(), visit).empty());
  CHECK(seen == Names{"a", "d", "b/", "b/1", "b/2/"});
  CHECK(walk(folder.path("e"), visit) == "No such file or directory");
  std::string reason;
  CHECK(files_below(folder.path(), reason) == Names{"a", "b/1", "b/2/x", "c/y", "d"});
  CHECK(reason.empty());
}
