// Files of strangers: regular, of bounded size, and where they belong.
#include "dsl/read_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace deeper;
namespace fs = std::filesystem;

namespace {

/// An empty folder, gone at its end.
class ReadFolder {
 public:
  ReadFolder() {
    std::string name = (fs::temp_directory_path() / "deeper-read-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = fs::canonical(name);
  }
  ~ReadFolder() { fs::remove_all(path_); }
  ReadFolder(const ReadFolder&) = delete;
  ReadFolder& operator=(const ReadFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }

 private:
  fs::path path_;
};

// Its text, or why there is none.
std::string told(const std::string& path, uint64_t most = most_file_bytes) {
  std::string reason;
  const auto text = read_file(path, reason, most);
  return text ? *text : "error: " + reason;
}

}  // namespace

TEST_CASE("reading: regular files only, at once") {
  const ReadFolder folder;
  folder.write("a", std::string("x\0y", 3));
  folder.write("empty", "");
  fs::create_symlink("a", folder / "link");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(told(folder / "a") == std::string("x\0y", 3));
  CHECK(told(folder / "link") == std::string("x\0y", 3));
  CHECK(told(folder / "empty").empty());
  CHECK(told(folder / "") == "error: is a folder");
  CHECK(told(folder / "none") == "error: No such file or directory");
  CHECK(told(folder / "pipe") == "error: is not a regular file");  // and does not wait for a writer
  CHECK(told("/dev/zero") == "error: is not a regular file");
  CHECK(told("/dev/tty").starts_with("error: "));
  CHECK(told("/proc/self/status").starts_with("Name:"));  // a file without a size
}

TEST_CASE("reading: bounded, whatever size a file says it has") {
  const ReadFolder folder;
  folder.write("ten", "0123456789");
  CHECK(told(folder / "ten", 10) == "0123456789");
  CHECK(told(folder / "ten", 9) == "error: has more than 9 bytes");
  CHECK(told("/proc/self/status", 10) == "error: has more than 10 bytes");
  folder.write("sparse", "");
  fs::resize_file(folder / "sparse", most_file_bytes + 1);
  CHECK(told(folder / "sparse") == "error: has more than 1073741824 bytes");
}

TEST_CASE("what a file names is in its folder or below") {
  const ReadFolder folder;
  fs::create_directories(folder / "net/goldens");
  folder.write("outside", "x");
  folder.write("net/inside", "x");
  fs::create_symlink("../outside", folder / "net/out");
  fs::create_symlink("goldens/../inside", folder / "net/in");
  fs::create_directory_symlink("..", folder / "net/up");
  const std::string spec = folder / "net/net.yaml";
  const auto place = [&](const std::string& name, const std::string& root = "") {
    std::string wrong;
    const std::string found = path_within(spec, name, wrong, root);
    CHECK(found.empty() != wrong.empty());
    return found.empty() ? "error: " + wrong : found;
  };
  CHECK(place("inside") == folder / "net/inside");
  CHECK(place("not/there/yet") == folder / "net/not/there/yet");
  CHECK(place("goldens/../inside") == folder / "net/goldens/../inside");
  CHECK(place("in") == folder / "net/in");
  CHECK(place("../outside") == "error: `../outside` leaves the folder of this file");
  CHECK(place("goldens/../../outside") == "error: `goldens/../../outside` leaves the folder of this file");
  CHECK(place("out") == "error: `out` leaves the folder of this file");
  CHECK(place("up/outside") == "error: `up/outside` leaves the folder of this file");
  CHECK(place("/etc/passwd") == "error: `/etc/passwd` is an absolute path");
  CHECK(place(std::string("in\0side", 7)) == "error: a file name without NUL characters is wanted");
  const std::string other = folder / "other.yaml";
  CHECK(place("../outside", other) == folder / "net/../outside");
  CHECK(place("../../outside", other).starts_with("error: `../../outside` leaves the folder of "));
}
