// What this machine has: as far as a test can know that.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "codegen/compile/compile.h"
#include "codegen/compile/runtime_files.h"
#include "codegen/compile/system.h"
#include "codegen/compile/version.h"
#include "compile_support.h"

using namespace deeper;

namespace {

// The CPU's own words, which LLVM is not asked for.
bool cpu_flag(const std::string& flag) {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with("flags")) continue;
    std::istringstream words(line);
    std::string word;
    while (words >> word)
      if (word == flag) return true;
    return false;
  }
  return false;
}

}  // namespace

TEST_CASE("the host's target is the widest that its CPU runs") {
#if defined(__x86_64__)
  const Target *v3 = find_target("x86-64-v3"), *v4 = find_target("x86-64-v4");
  REQUIRE(v3 != nullptr);
  REQUIRE(v4 != nullptr);
  const bool avx2 = cpu_flag("avx2") && cpu_flag("fma") && cpu_flag("bmi2") && cpu_flag("movbe");
  const bool avx512 = avx2 && cpu_flag("avx512f") && cpu_flag("avx512bw") && cpu_flag("avx512dq") &&
                      cpu_flag("avx512vl") && cpu_flag("avx512cd");
  CHECK(runs_here(*v3) == avx2);
  CHECK(runs_here(*v4) == avx512);
  CHECK(host_target() == (avx512 ? v4 : avx2 ? v3 : nullptr));
  CHECK_FALSE(runs_here(*find_target("aarch64")));
  CHECK_FALSE(same_machine(*find_target("aarch64")));
#else
  REQUIRE(host_target() != nullptr);
  CHECK(same_machine(*host_target()));
#endif
  CHECK_FALSE(host_cpu().empty());
}

TEST_CASE("a target that is not here names the packages that bring it") {
  Target target = *find_target("aarch64");
  target.triple = "mips64-linux-gnuabi64";
  target.sysroot = "/no/such/sysroot";
  constexpr std::string_view nothing[] = {"qemu-of-nothing"};
  target.emulator = nothing;
  const std::vector<std::string> missing = missing_for(target);
  REQUIRE(missing.size() == 3);
  CHECK(missing[0] == "Debian package libc6-dev-mips64-cross");
  CHECK_FALSE(runner(target));
  Diagnostics diagnostics;
  CHECK_FALSE(can_build(target, diagnostics));
  CHECK(diagnostics.error_count() == 3);
}

TEST_CASE("programs of this machine need no emulator, others their own") {
  if (host_target() != nullptr) CHECK(runner(*host_target())->empty());
  const Target& arm = *find_target("aarch64");
  const auto prefix = runner(arm);
  CHECK(prefix.has_value() == (same_machine(arm) || !find_program({"qemu-aarch64", "qemu-aarch64-static"}).empty()));
  if (prefix && !prefix->empty()) CHECK(prefix->at(1) == "-L");
  const auto riscv = runner(*find_target("riscv64"));  // its CPU is named before the sysroot
  if (riscv && !riscv->empty()) CHECK(riscv->at(1) == "-cpu");
}

TEST_CASE("the compiler: found, named by DEEPER_CLANG, or missing") {
  Diagnostics diagnostics;
  const Toolchain tools = find_toolchain(diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  CHECK_THAT(tools.version, Catch::StartsWith("clang 22") || Catch::StartsWith("clang 19"));
  CHECK(access(tools.ar.c_str(), X_OK) == 0);
  setenv("DEEPER_CLANG", "/bin/true", 1);
  find_toolchain(diagnostics);
  unsetenv("DEEPER_CLANG");
  CHECK_THAT(messages(diagnostics), Catch::Contains("DEEPER_CLANG=/bin/true is not a clang"));
}

TEST_CASE("programs are found in PATH only") {
  CHECK(find_program({"no-such-program-here", "sh"}).ends_with("/sh"));
  CHECK(find_program({"no-such-program-here"}).empty());
}

TEST_CASE("the runtime's files are carried whole") {
  const std::string_view abi = runtime_file("abi.h");
  CHECK(abi.starts_with("//"));
  CHECK(abi.ends_with("\n"));
  CHECK(abi.find("#include \"runtime/target.h\"") != std::string_view::npos);
  CHECK(runtime_file("conv.h").size() > 500);
  CHECK(runtime_file("program.cpp").size() > 500);
  CHECK(runtime_file("../abi.h").empty());
  CHECK(runtime_file("").empty());
}

TEST_CASE("this program's version and build") {
  CHECK_THAT(tool_version(), Catch::StartsWith("deeper "));
  CHECK(tool_build_id().size() >= 32);
  CHECK(tool_build_id() == tool_build_id());
}
