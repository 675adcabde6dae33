// The cache of what deeper made: whose it is, entries that are whole and sound or not there, what goes first.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <future>

#include "codegen/compile/cache_folder.h"
#include "codegen/compile/files.h"
#include "codegen/compile/runtime_objects.h"
#include "compile_support.h"

using namespace deeper;
namespace fs = std::filesystem;

namespace {

// XDG_CACHE_HOME in a folder of the test's own.
class TestCache {
 public:
  TestCache() { setenv("XDG_CACHE_HOME", folder.path().c_str(), 1); }
  ~TestCache() {
    unsetenv("XDG_CACHE_HOME");
    unsetenv("DEEPER_CACHE_LIMIT");
  }
  CacheFolder open() {
    CacheProblem problem;
    auto cache = CacheFolder::open(problem);
    INFO(problem.message);
    return given(cache);
  }
  std::string refusal() {
    CacheProblem problem;
    CHECK_FALSE(CacheFolder::open(problem));
    CHECK(problem.refused);
    CHECK_FALSE(problem.help.empty());
    return problem.message;
  }

  TestFolder folder;
  std::string root = folder.path("deeper");
};

EntryTitle title(char digit) { return {"program", "net", "x86-64-v3", std::string(32, digit)}; }

std::optional<KeptEntry> keep(const CacheFolder& cache, const EntryTitle& what, const std::string& text) {
  std::string reason;
  auto kept =
      cache.keep(what, [&](const std::string& entry) { return write_file(entry + "/net", text).empty(); }, reason);
  CHECK(reason.empty());
  return kept;
}

void set_used(const std::string& path, int64_t seconds_ago) {
  const timespec then = {time(nullptr) - seconds_ago, 0};
  const timespec times[2] = {then, then};
  REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

bool there(const CacheFolder& cache, char digit) { return fs::exists(cache.path() + "/" + title(digit).folder()); }

}  // namespace

TEST_CASE("what is kept is found again, whole") {
  TestCache test;
  const CacheFolder cache = test.open();
  CHECK_FALSE(cache.find(title('a')));
  const auto kept = keep(cache, title('a'), "a program");
  REQUIRE(kept);
  const auto found = cache.find(title('a'));
  REQUIRE(found);
  CHECK(test.folder.read("deeper/" + title('a').folder() + "/net") == "a program");
  CHECK_FALSE(cache.find(title('b')));
  struct stat info = {};
  REQUIRE(stat(test.root.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);
}

TEST_CASE("an entry that cannot be filled leaves nothing") {
  TestCache test;
  const CacheFolder cache = test.open();
  std::string reason;
  CHECK_FALSE(cache.keep(
      title('a'), [&](const std::string& entry) { return write_file(entry + "/net", "half").empty() && false; },
      reason));
  CHECK(test.folder.names() == std::vector<std::string>{"deeper"});
}

TEST_CASE("a cache that is not ours alone is refused") {
  TestCache test;
  SECTION("others may write") {
    (void)test.open();
    const auto mode = GENERATE(0777, 0770, 0722, 01777);
    REQUIRE(chmod(test.root.c_str(), mode_t(mode)) == 0);
    CHECK(test.refusal().ends_with("can be written by others"));
  }
  SECTION("a link") {
    fs::create_directory(test.folder.path("elsewhere"));
    fs::create_directory_symlink("elsewhere", test.root);
    CHECK(test.refusal().ends_with("is a link"));
  }
  SECTION("a link to nothing") {
    fs::create_directory_symlink("nowhere", test.root);
    CHECK(test.refusal().ends_with("is a link"));
  }
  SECTION("a file") {
    test.folder.write("deeper", "x");
    CHECK(test.refusal().ends_with("is no folder"));
  }
  SECTION("in a folder that all can write") {
    REQUIRE(chmod(test.folder.path().c_str(), 0777) == 0);
    CHECK(test.refusal().ends_with("is in a folder where others can replace it"));
    REQUIRE(chmod(test.folder.path().c_str(), 01777) == 0);  // as /tmp
    (void)test.open();
  }
  SECTION("another user's") {
    if (geteuid() != 0) return;  // only root can give a folder away
    (void)test.open();
    REQUIRE(chown(test.root.c_str(), 65534, 65534) == 0);
    CHECK(test.refusal().ends_with("belongs to another user (number 65534)"));
  }
}

TEST_CASE("without a place there is no cache, and nothing is refused") {
  TestCache test;
  CacheProblem problem;
  SECTION("a file in the way") {
    test.folder.write("file", "x");
    setenv("XDG_CACHE_HOME", test.folder.path("file/below").c_str(), 1);
    CHECK_FALSE(CacheFolder::open(problem));
    CHECK_FALSE(problem.message.empty());
  }
  SECTION("no HOME") {
    const char* home = getenv("HOME");
    const std::string saved = home != nullptr ? home : "";
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    CHECK_FALSE(CacheFolder::open(problem));
    CHECK(problem.message == "no folder for what is built: neither XDG_CACHE_HOME nor HOME names one");
    if (home != nullptr) setenv("HOME", saved.c_str(), 1);
  }
  CHECK_FALSE(problem.refused);
}

TEST_CASE("an entry that is not what was kept is not found, and can be made again") {
  TestCache test;
  const CacheFolder cache = test.open();
  const std::string entry = "deeper/" + title('a').folder();
  {
    REQUIRE(keep(cache, title('a'), "a program"));
  }
  const std::string place = test.folder.path(entry), list = test.folder.read(entry + "/entry.json");
  SECTION("other bytes of the same size") { test.folder.write(entry + "/net", "b program"); }
  SECTION("cut") { test.folder.write(entry + "/net", "a prog"); }
  SECTION("longer") { test.folder.write(entry + "/net", "a program!"); }
  SECTION("gone") { fs::remove(place + "/net"); }
  SECTION("a link to the same bytes") {
    test.folder.write("elsewhere", "a program");
    fs::remove(place + "/net");
    fs::create_symlink(test.folder.path("elsewhere"), place + "/net");
  }
  SECTION("its list is gone") { fs::remove(place + "/entry.json"); }
  SECTION("its list is cut") { test.folder.write(entry + "/entry.json", list.substr(0, list.size() / 2)); }
  SECTION("its list is empty") { test.folder.write(entry + "/entry.json", ""); }
  SECTION("its list is of another form") { test.folder.write(entry + "/entry.json", R"({"kind": 7, "files": {}})"); }
  SECTION("its list is of another kind") {
    test.folder.write(entry + "/entry.json", R"({"kind": "weights", "network": "net", "files": [{"name": "net"}]})");
  }
  SECTION("its list names a file elsewhere") {
    test.folder.write("elsewhere", "");
    test.folder.write(entry + "/entry.json",
                      R"({"kind": "program", "network": "net", "files": [{"name": "../../elsewhere", "bytes": 0,
                          "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]})");
  }
  SECTION("others may write it") { REQUIRE(chmod(place.c_str(), 0777) == 0); }
  SECTION("it is a link") {
    fs::rename(place, test.folder.path("moved"));
    fs::create_directory_symlink(test.folder.path("moved"), place);
  }
  CHECK_FALSE(cache.find(title('a')));
  {
    REQUIRE(keep(cache, title('a'), "a program"));
  }
  CHECK(cache.find(title('a')));
  CHECK(test.folder.read(entry + "/net") == "a program");
}

TEST_CASE("what was used longest ago goes first") {
  TestCache test;
  const CacheFolder cache = test.open();
  for (const char digit : {'a', 'b', 'c'}) {
    {
      REQUIRE(keep(cache, title(digit), std::string(100'000, digit)));
    }
    set_used(cache.path() + "/" + title(digit).folder(), 1000 - digit);
  }
  {
    REQUIRE(cache.find(title('a')));
  }  // used now
  SECTION("the limit") {
    const CacheRemoval removed = cache.trim(250'000);
    CHECK(removed.entries == 1);
    CHECK(removed.bytes > 100'000);
    CHECK(there(cache, 'a'));
    CHECK_FALSE(there(cache, 'b'));
    CHECK(there(cache, 'c'));
  }
  SECTION("the limit of the environment, when something is kept") {
    setenv("DEEPER_CACHE_LIMIT", "0.25MB", 1);
    {
      REQUIRE(keep(test.open(), title('d'), std::string(100'000, 'd')));
    }
    CHECK(there(cache, 'a'));
    CHECK(there(cache, 'd'));
    CHECK_FALSE(there(cache, 'b'));
    CHECK_FALSE(there(cache, 'c'));
  }
  SECTION("what is in use stays") {
    const auto used = cache.find(title('b'));
    const CacheRemoval removed = cache.trim(0);
    CHECK(removed.entries == 2);
    CHECK(removed.in_use == 1);
    CHECK(there(cache, 'b'));
  }
  SECTION("unused for a month") {
    set_used(cache.path() + "/" + title('c').folder(), int64_t{31} * 24 * 3600);
    CHECK(cache.trim(CacheFolder::default_limit).entries == 1);
    CHECK_FALSE(there(cache, 'c'));
  }
}

TEST_CASE("only entries are removed, and what a dead process left of one") {
  TestCache test;
  const CacheFolder cache = test.open();
  test.folder.write("deeper/notes.txt", "mine");
  test.folder.write("deeper/.part-2024/thesis.txt", "half an entry");
  test.folder.write("deeper/net-" + std::string(32, 'e') + ".weights", "as an earlier version left them");
  test.folder.write("deeper/net-" + std::string(31, 'e') + "/x", "no key");
  CHECK(cache.trim(0).entries == 1);
  CHECK(test.folder.names() == std::vector<std::string>{"deeper", "deeper/net-" + std::string(31, 'e'),
                                                        "deeper/net-" + std::string(31, 'e') + "/x",
                                                        "deeper/notes.txt"});
}

TEST_CASE("many make, find and remove entries at once") {
  TestCache test;
  const CacheFolder cache = test.open();
  std::vector<std::future<int>> workers;
  workers.reserve(4);
  for (int worker = 0; worker < 4; ++worker)
    workers.push_back(std::async(std::launch::async, [&cache, worker] {
      int wrong = 0;
      for (int i = 0; i < 40; ++i) {
        const EntryTitle what = title(char('a' + (i + worker) % 3));
        std::string reason;
        auto entry = cache.find(what);
        if (!entry)
          entry = cache.keep(
              what, [&](const std::string& folder) { return write_file(folder + "/net", what.key).empty(); }, reason);
        if (entry) wrong += read_file(entry->file("net"), reason) != what.key;  // as long as it is in use
        entry.reset();
        if (worker == 3) (void)cache.trim(0);
      }
      return wrong;
    }));
  for (auto& worker : workers) CHECK(worker.get() == 0);
}

TEST_CASE("sizes in words") {
  CHECK(parse_size("4GB") == 4'000'000'000);
  CHECK(parse_size("500 MB") == 500'000'000);
  CHECK(parse_size("1.5M") == 1'500'000);
  CHECK(parse_size("12") == 12);
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("10 kB") == 10'000);
  for (const char* wrong : {"", "GB", "-1", "4 GiBs", "much", "1e30", "0x10 MB!", ".5", "inf", "nan", "4GBGB"})
    CHECK_FALSE(parse_size(wrong));
  TestCache test;
  setenv("DEEPER_CACHE_LIMIT", "much", 1);
  CHECK(test.refusal() == "DEEPER_CACHE_LIMIT=much is no size");
}

TEST_CASE("headers are read from the rule that the compiler writes") {
  CHECK(absolute_dependencies(
            "obj/a.o: runtime/a.cpp \\\n  /usr/include/stdio.h /opt/a\\ b/c.h \\\n  /x/$$y.h /z/\\#.h\n") ==
        std::vector<std::string>{"/usr/include/stdio.h", "/opt/a b/c.h", "/x/$y.h", "/z/#.h"});
  CHECK(absolute_dependencies("").empty());
}
