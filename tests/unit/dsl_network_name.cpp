// A legal name builds, whatever else is called so; one that cannot is refused with the reason.
#include <catch2/catch.hpp>

#include "dsl/network_name.h"

namespace deeper {
namespace {

std::string refusal(std::string_view name) {
  const auto problem = network_name_problem(name);
  return problem ? problem->message : "";
}

TEST_CASE("headers, keywords, CMake's words, libraries and macros are names") {
  for (const char* name :
       {"math",    "stdio", "string",  "pthread_h", "jconfig", "zconf",   "png",   "obj",    "build", "all",    "clean",
        "help",    "test",  "install", "package",   "depend",  "m",       "c",     "rt",     "dl",    "std",    "int",
        "class",   "this",  "unix",    "linux",     "errno",   "stdin",   "main",  "assert", "input", "output", "a",
        "network", "model", "weights", "f",         "program", "run_all", "image", "net"})
    CHECK(refusal(name).empty());
}

TEST_CASE("a function of the system is none of a network's") {
  CHECK(refusal("pthread") == "a network cannot be called `pthread`: the system has another `pthread_create`");
  CHECK(refusal("sem") == "a network cannot be called `sem`: the system has another `sem_close`");
  for (const char* name : {"mq", "shm", "timer", "epoll", "memfd", "iconv", "fts", "jpeg", "argz", "gnu_get_libc",
                           "inet", "pthread_mutex", "re_syntax", "svc", "thrd", "mcheck", "zlib"})
    CHECK_FALSE(refusal(name).empty());
  for (const char* name : {"pthreads", "sem_", "my_pthread", "pthread_net"}) CHECK(refusal(name).empty());
}

TEST_CASE("what <unistd.h> defines is none of a network's header") {
  for (const char* name : {"r", "w", "x"}) CHECK_FALSE(refusal(name).empty());
}

TEST_CASE("the program is no folder") {
  CHECK(refusal("runtime") == "a network cannot be called `runtime`: the folder of the files that it needs is");
}

TEST_CASE("a name's form") {
  for (const char* name : {"", "_a", "1a", "A", "aB", "a-b", "a.b", "a b"})
    CHECK(refusal(name).find("is no name for a network") != std::string::npos);
  CHECK(refusal(std::string(64, 'a')).empty());
  CHECK_FALSE(refusal(std::string(65, 'a')).empty());
}

}  // namespace
}  // namespace deeper
