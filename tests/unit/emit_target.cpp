// The text of one target, compiled for another: it must not compile, since blocks and tiles would not be what the
// kernels take them for.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "codegen/compile/process.h"
#include "codegen/compile/system.h"
#include "codegen/emit/emit.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

/// The sources of a small network, in a folder of their own.
class Folder {
 public:
  explicit Folder(const char* target) : Folder(*find_target(target)) {}
  explicit Folder(const Target& target) {
    fs::create_directories(path_ / "runtime");
    TestNetwork network = from_text(small_spec("8, 8, 3", {"{id: a, conv: {kernel: 3, out: 40}}"}, "a"));
    for (const SourceText& source : emit(schedule(optimize(network.graph(), {}), target, {})))
      std::ofstream(path_ / source.name) << source.text;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  Finished compile(const std::string& compiler, const std::vector<std::string>& flags) const {
    Command command{{compiler, "-std=c++20", "-Wno-psabi", "-fsyntax-only", "-I", ".", "-I", DEEPER_SOURCE_DIR}, path_};
    command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
    command.arguments.emplace_back("small.cpp");
    return run(command);
  }

 private:
  fs::path path_ = fs::temp_directory_path() / ("deeper_target_" + std::to_string(getpid()));
};

void refuse(const Folder& folder, const std::string& compiler, std::initializer_list<const char*> foreign) {
  for (const char* flag : foreign) {
    INFO(compiler << " " << flag);
    const Finished finished = folder.compile(compiler, {flag});
    CHECK_FALSE(finished.ok());
    CHECK_THAT(finished.err, Catch::Contains("made for "));
  }
}

void accept(const Folder& folder, const std::string& compiler, const std::vector<std::string>& flags) {
  const Finished finished = folder.compile(compiler, flags);
  INFO(compiler << ": " << finished.err);
  CHECK(finished.ok());
}

/// Clang, and GCC where it is installed.
std::vector<std::string> compilers() {
  std::vector<std::string> found = {DEEPER_CXX};
  if (const std::string gcc = find_program({"g++"}); !gcc.empty()) found.push_back(gcc);
  return found;
}

TEST_CASE("a text compiles with its target's own flags only") {
  const Folder v3("x86-64-v3");
  for (const std::string& compiler : compilers()) {
    accept(v3, compiler, {"-march=x86-64-v3"});
    accept(v3, compiler, {"-O1", "-march=haswell"});
    refuse(v3, compiler, {"-O0", "-O1", "-march=x86-64-v2", "-mavx2", "-march=x86-64-v4", "-march=sandybridge"});
  }
}

TEST_CASE("a text for wider vectors does not compile for narrower ones") {
  const Folder v4("x86-64-v4");
  for (const std::string& compiler : compilers()) {
    accept(v4, compiler, {"-march=x86-64-v4"});
    refuse(v4, compiler, {"-O1", "-march=x86-64-v3", "-march=x86-64-v2"});
  }
}

TEST_CASE("a target without fused multiply-adds needs no such instruction, one with them does") {
  constexpr std::string_view flags[] = {"-march=x86-64-v2"};
  Target plain = *find_target("x86-64-v3");
  plain.flags = flags;
  plain.vector_bytes = 16;
  plain.tile_pixels = 4;
  for (const bool fused : {false, true}) {
    plain.fused = fused;
    const Folder folder(plain);
    for (const std::string& compiler : compilers()) {
      if (fused) {
        refuse(folder, compiler, {"-march=x86-64-v2"});
      } else {
        accept(folder, compiler, {"-march=x86-64-v2"});
      }
    }
  }
}

TEST_CASE("a text for another family does not compile for this one") {
  const Folder riscv64("riscv64");
  refuse(riscv64, DEEPER_CXX, {"-O1", "-march=x86-64-v3"});
}

}  // namespace
}  // namespace deeper
