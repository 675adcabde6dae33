// A file appears whole or not at all, where its path leads to, with the mode that it had; devices stay devices.
#include "codegen/compile/replace_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <thread>

#include "codegen/compile/files.h"
#include "codegen/compile/interrupt.h"
#include "compile_support.h"

using namespace deeper;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat info = {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

// In a child, since limits and standard streams cannot be had back: true when `body` says so there.
bool in_a_child(const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body() ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("a new file has the mode of any other, one that is replaced keeps its own") {
  const TestFolder folder;
  const mode_t mask = umask(027);
  CHECK(replace_file(folder.path("new"), "text").empty());
  CHECK(mode_of(folder.path("new")) == 0640);
  chmod(folder.path("new").c_str(), 0604);
  CHECK(replace_file(folder.path("new"), "other").empty());
  umask(mask);
  CHECK(mode_of(folder.path("new")) == 0604);
  CHECK(folder.read("new") == "other");
  CHECK(folder.names() == Names{"new"});
}

TEST_CASE("a link is followed and stays a link") {
  const TestFolder folder;
  folder.write("far/target", "old");
  fs::create_symlink("far/target", folder.path("link"));
  fs::create_symlink("link", folder.path("twice"));
  fs::create_symlink("far/new", folder.path("dangling"));
  fs::create_symlink("nowhere/new", folder.path("lost"));
  fs::create_symlink("round", folder.path("round"));
  CHECK(replace_file(folder.path("twice"), "text").empty());
  CHECK(replace_file(folder.path("dangling"), "text").empty());
  CHECK(replace_file(folder.path("lost"), "text") == "No such file or directory");
  CHECK(replace_file(folder.path("round"), "text") == "Too many levels of symbolic links");
  CHECK(folder.read("far/target") == "text");
  CHECK(folder.read("far/new") == "text");
  CHECK(folder.names() == Names{"dangling", "far", "far/new", "far/target", "link", "lost", "round", "twice"});
  for (const char* name : {"link", "twice", "dangling", "lost"}) CHECK(fs::is_symlink(folder.path(name)));
}

TEST_CASE("folders and files that may not be written are left alone") {
  const TestFolder folder;
  fs::create_directory(folder.path("sub"));
  folder.write("file", "old");
  CHECK(replace_file(folder.path("sub"), "x") == "Is a directory");
  CHECK(replace_file(folder.path("new/"), "x") == "Is a directory");
  CHECK(replace_file(folder.path("file/x"), "x") == "Not a directory");
  CHECK(replace_file("", "x") != "");
  if (geteuid() == 0) {
    WARN("SKIPPED: root may write anywhere");
  } else {
    chmod(folder.path("file").c_str(), 0444);
    CHECK(replace_file(folder.path("file"), "x") == "Permission denied");
  }
  CHECK(folder.read("file") == "old");
  CHECK(folder.names() == Names{"file", "sub"});
}

TEST_CASE("pipes and devices are written through") {
  const TestFolder folder;
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  fs::create_symlink("pipe", folder.path("link"));
  std::string got;
  std::thread reader([&] {
    char text[16] = {};
    const int file = open(folder.path("pipe").c_str(), O_RDONLY);
    got.assign(text, size_t(std::max<ssize_t>(read(file, text, sizeof text), 0)));
    close(file);
  });
  CHECK(replace_file(folder.path("link"), "text").empty());
  reader.join();
  CHECK(got == "text");
  CHECK(fs::is_fifo(folder.path("pipe")));
  CHECK(folder.names() == Names{"link", "pipe"});
  CHECK(replace_file("/dev/full", "text") == "No space left on device");
  CHECK(replace_file("/dev/null", "text").empty());
  CHECK(fs::is_character_file("/dev/full"));
  CHECK(fs::is_character_file("/dev/null"));
  if (mknod(folder.path("full").c_str(), S_IFCHR | 0600, makedev(1, 7)) == 0) {  // one that nobody misses
    CHECK(replace_file(folder.path("full"), "text") != "");
    CHECK(fs::is_character_file(folder.path("full")));
  }
}

TEST_CASE("standard output under its own name goes on where it is") {
  const TestFolder folder;
  folder.write("out", "");
  for (const char* name : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
    CHECK(in_a_child([&] {
      const int file = open(folder.path("out").c_str(), O_WRONLY | O_TRUNC);
      return file >= 0 && dup2(file, 1) == 1 && write(1, "first ", 6) == 6 && replace_file(name, "text").empty() &&
             write(1, " last", 5) == 5;
    }));
  CHECK(folder.read("out") == "first text last");
  CHECK(folder.names() == Names{"out"});
}

TEST_CASE("what lies under the name that a temporary file used to have is left alone") {
  const TestFolder folder;
  folder.write("victim", "precious");
  for (const std::string& name : {fmt::format("out.{}.part", getpid()), fmt::format("out.part{}", getpid())})
    fs::create_symlink("victim", folder.path(name));
  CHECK(replace_file(folder.path("out"), "text").empty());
  CHECK(folder.read("victim") == "precious");
  CHECK_FALSE(fs::is_symlink(folder.path("out")));
  CHECK(write_file(folder.path("victim"), "x") == "File exists");
  fs::create_symlink("new", folder.path("link"));
  CHECK(write_file(folder.path("link"), "x") == "File exists");
  CHECK_FALSE(fs::exists(folder.path("new")));
}

TEST_CASE("no room: the system's words, nothing left of the file that is replaced") {
  const TestFolder folder;
  folder.write("old.txt", "old");
  CHECK(in_a_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    return replace_file(folder.path("old.txt"), std::string(5000, 'x')) == "File too large" &&
           folder.read("old.txt") == "old" && replace_file(folder.path("old.txt"), "short").empty();
  }));
  CHECK(folder.read("old.txt") == "short");
  CHECK(folder.names() == Names{"old.txt"});
}

TEST_CASE("a signal: the old file stays, and the process ends by it") {
  const TestFolder folder;
  folder.write("old.txt", "old");
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGTERM, SIG_DFL);  // not the tests' own
    {
      const InterruptGuard outer;
      raise(SIGTERM);
      if (replace_file(folder.path("old.txt"), "new") != "interrupted") _exit(1);
      if (pending_interrupt() != SIGTERM) _exit(2);  // an inner guard leaves it to the outer one
    }
    _exit(3);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
  CHECK(folder.read("old.txt") == "old");
  CHECK(folder.names() == Names{"old.txt"});
}
