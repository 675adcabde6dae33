// npy and npz as numpy itself writes and reads them.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/npy.h"

using namespace deeper::test;

namespace {

std::string temporary(const std::string& name) {
  return std::filesystem::temp_directory_path() / ("deeper_npy_" + std::to_string(getpid()) + name);
}

}  // namespace

TEST_CASE("arrays survive being written and read") {
  const std::string path = temporary(".npz");
  const std::map<std::string, Array> arrays{
      {"a/b", {{2, 3}, {1, 2, 3, 4, 5, 0.1}}}, {"scalar", {{}, {7}}}, {"empty", {{0, 4}, {}}}};
  write_npz(path, arrays, Precision::f64);
  const auto back = read_npz(path);
  REQUIRE(back.size() == 3);
  for (const auto& [name, array] : arrays) {
    CHECK(back.at(name).dims == array.dims);
    CHECK(back.at(name).values == array.values);
  }
  write_npz(path, arrays, Precision::f32);
  CHECK(read_npz(path).at("a/b").values[5] == 0.1F);
  std::filesystem::remove(path);
  write_npy(path, arrays.at("a/b"), Precision::f64);
  CHECK(read_npy(path).values == arrays.at("a/b").values);
  std::filesystem::remove(path);
}

TEST_CASE("numpy reads what we write, and we what it writes") {
  if (std::system("/usr/bin/python3 -c 'import numpy' >/dev/null 2>&1") != 0) {
    WARN("SKIPPED: /usr/bin/python3 has no numpy");
    return;
  }
  const std::string ours = temporary("_ours.npz"), theirs = temporary("_theirs.npz");
  write_npz(ours, {{"x", {{2, 2, 1}, {1, 2, 3, 4}}}, {"y", {{1}, {0.5}}}}, Precision::f32);
  const std::string code = "import numpy as np; d = np.load('" + ours +
                           "'); assert d['x'].dtype == np.float32; np.savez('" + theirs +
                           "', x=d['x'].astype(np.float64) * 2, y=d['y'].reshape(()))";
  REQUIRE(std::system(("/usr/bin/python3 -c \"" + code + "\"").c_str()) == 0);
  const auto back = read_npz(theirs);
  CHECK(back.at("x").values == std::vector<double>{2, 4, 6, 8});
  CHECK(back.at("x").dims == std::vector<int64_t>{2, 2, 1});
  CHECK(back.at("y").dims.empty());
  std::filesystem::remove(ours);
  std::filesystem::remove(theirs);
}

TEST_CASE("what is no npy says so") {
  CHECK_THROWS_WITH(read_npy("/nowhere.npy"), "/nowhere.npy: cannot be read");
  const std::string path = temporary(".bad");
  std::ofstream(path) << "hello";
  CHECK_THROWS_WITH(read_npy(path), path + ": is no npy");
  CHECK_THROWS_WITH(read_npz(path), path + ": is no zip");
  std::filesystem::remove(path);
}
