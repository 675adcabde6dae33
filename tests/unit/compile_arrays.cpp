#include <catch2/catch.hpp>
#include <cstring>

#include "codegen/compile/arrays.h"
#include "compile_support.h"

using namespace deeper;

namespace {

std::string npy(const std::string& dict, const std::string& body, char version = 1) {
  std::string header = dict;
  header.resize(118, ' ');
  std::string bytes("\x93NUMPY", 6);
  bytes += {version, '\0', char(header.size()), '\0'};
  if (version > 1) bytes += {'\0', '\0'};
  return bytes + header + body;
}

std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

void put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(char(value >> 8 * i));
}

// A zip with stored entries and nothing that a reader does not need.
std::string zip(const std::vector<std::pair<std::string, std::string>>& entries, int method = 0) {
  std::string out, directory;
  for (const auto& [name, body] : entries) {
    const size_t local = out.size();
    out += "PK\x03\x04";
    out += std::string(14, '\0');
    for (const size_t size : {body.size(), body.size()}) put(out, size, 4);
    put(out, name.size(), 2);
    put(out, 3, 2);  // an extra field
    out.append(name).append("xyz").append(body);
    directory += "PK\x01\x02";
    directory += std::string(6, '\0');
    put(directory, uint64_t(method), 2);
    directory += std::string(8, '\0');
    for (const size_t size : {body.size(), body.size()}) put(directory, size, 4);
    put(directory, name.size(), 2);
    directory += std::string(12, '\0');
    put(directory, local, 4);
    directory += name;
  }
  const size_t at = out.size();
  out += directory + "PK\x05\x06" + std::string(4, '\0');
  put(out, entries.size(), 2);
  put(out, entries.size(), 2);
  put(out, directory.size(), 4);
  put(out, at, 4);
  return out + std::string(2, '\0');
}

constexpr const char* dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

}  // namespace

TEST_CASE("npy files of float32") {
  const std::vector<float> values = {1, 2, 3, 4, 5, -6.5F};
  for (const char version : {'\1', '\2'}) {
    const auto array = read_npy(npy(dict, floats(values), version));
    CHECK(given(array).dims == std::vector<int64_t>{2, 3});
    CHECK(given(array).values == values);
  }
  CHECK(given(read_npy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", floats({1, 2, 3})))).dims ==
        std::vector<int64_t>{3});
}

TEST_CASE("files that are no npy of float32, or not whole") {
  const std::string body = floats({1, 2, 3, 4, 5, 6});
  const std::string whole = npy(dict, body);
  for (size_t length = 0; length < whole.size(); ++length) CHECK_FALSE(read_npy(whole.substr(0, length)));
  CHECK_FALSE(read_npy(whole + "x"));
  CHECK_FALSE(read_npy(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", body)));
  CHECK_FALSE(read_npy(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", body)));
  CHECK_FALSE(read_npy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3), }", body)));
  CHECK_FALSE(read_npy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 6), }", body)));
}

TEST_CASE("npz archives keep names and order") {
  const std::string first = npy(dict, floats({1, 2, 3, 4, 5, 6})),
                    second = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", floats({7}));
  const auto arrays = read_npz(zip({{"b/1x1.npy", first}, {"a.npy", second}}));
  REQUIRE(given(arrays).size() == 2);
  CHECK(given(arrays)[0].name == "b/1x1");
  CHECK(given(arrays)[0].array.dims == std::vector<int64_t>{2, 3});
  CHECK(given(arrays)[1].name == "a");
  CHECK(given(arrays)[1].array.values == std::vector<float>{7});
}

TEST_CASE("damaged archives") {
  const std::string whole = zip({{"a.npy", npy(dict, floats({1, 2, 3, 4, 5, 6}))}});
  for (size_t length = 0; length + 2 < whole.size(); ++length) CHECK_NOTHROW(read_npz(whole.substr(0, length)));
  CHECK_FALSE(read_npz(""));
  CHECK_FALSE(read_npz(whole.substr(0, whole.size() / 2)));
  CHECK_FALSE(read_npz(zip({{"a.npy", "text"}})));
  CHECK_FALSE(read_npz(zip({{"a.npy", npy(dict, floats({1, 2, 3, 4, 5, 6}))}}, 8)));  // deflated
}

// 46 bytes an entry, and all of them the same megabyte: 70 GB out of 4 MB.
TEST_CASE("archives whose entries share their bytes are refused") {
  const std::string body = npy(dict, floats({1, 2, 3, 4, 5, 6}));
  const std::string one = zip({{"a.npy", body}});
  const size_t directory = one.find("PK\x01\x02"), end = one.find("PK\x05\x06");
  constexpr char entries = 9;
  std::string shared = one.substr(0, directory);
  for (int i = 0; i < entries; ++i) shared += one.substr(directory, end - directory);
  shared += one.substr(end);
  shared[shared.size() - 12] = entries;
  CHECK(read_npz(one));
  CHECK_FALSE(read_npz(shared));
}

TEST_CASE("arrays read back as they were written") {
  const Array map{{2, 1, 3}, {1, -2, 3, 4, 5, 6.5F}}, vector{{2}, {7, 8}}, nothing{{0}, {}};
  for (const Array& array : {map, vector, nothing}) {
    const auto read = read_npy(write_npy(array));
    REQUIRE(read);
    CHECK(read->dims == array.dims);
    CHECK(read->values == array.values);
    CHECK(write_npy(array).size() % 4 == 0);
  }
  const auto all = read_npz(write_npz({{"a/1x1", map}, {"main.logits", vector}}));
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].name == "a/1x1");
  CHECK((*all)[0].array.values == map.values);
  CHECK((*all)[1].name == "main.logits");
  CHECK(read_npz(write_npz({}))->empty());
}
