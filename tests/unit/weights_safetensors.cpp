// The reader on good files and on those of liars.
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "codegen/weights/floats.h"
#include "codegen/weights/store.h"

using namespace deeper;

namespace {

std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i));
  return bytes + header + data;
}

/// The messages, one a line; empty for a good file.
std::string complaints(const std::string& bytes) {
  Diagnostics diagnostics;
  const WeightStore store = parse_safetensors(bytes, "w.safetensors", diagnostics);
  std::string text;
  for (const Diagnostic& each : diagnostics.all()) text += each.message + "\n";
  CHECK(store.tensors.empty() == !text.empty());
  return text;
}

const std::string two_floats("\0\0\x80\x3f\0\0\0\xc0", 8);  // 1, -2

}  // namespace

TEST_CASE("a good file is read, and hashed whole") {
  const std::string bytes = file_of(
      R"({"__metadata__": {"format": "pt"}, "a/weight": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}})",
      two_floats);
  Diagnostics diagnostics;
  const WeightStore store = parse_safetensors(bytes, "w.safetensors", diagnostics);
  CHECK(diagnostics.all().empty());
  REQUIRE(store.tensors.size() == 1);
  CHECK(store.tensors.at("a/weight").dims == std::vector<int64_t>{2, 1});
  CHECK(store.tensors.at("a/weight").values == std::vector<float>{1, -2});
  CHECK(store.hash.size() == 64);
  std::string other = bytes;
  other.back() = '\x40';
  CHECK(parse_safetensors(other, "w", diagnostics).hash != store.hash);
}

TEST_CASE("tensors may stand in any order") {
  CHECK(
      complaints(
          file_of(
              R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
              two_floats))
          .empty());
}

TEST_CASE("truncated and lying files") {
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(complaints("") == "w.safetensors: is empty\n");
  CHECK(complaints(file_of(good, two_floats).substr(0, 5)) ==
        "w.safetensors: is no safetensors file: its 5 bytes are too few\n");
  CHECK(complaints(std::string(8, '\xff')) ==
        "w.safetensors: is no safetensors file: those begin with the length of a header and `{`\n");
  CHECK(complaints(std::string("\0\0\0\x02\0\0\0\0{", 9)) ==
        "w.safetensors: it says that its header has 33554432 bytes, but 25000000 are allowed\n");
  CHECK(complaints(file_of(good, two_floats + "x")) ==
        "w.safetensors: its tensors have 8 bytes, but 9 follow the header\n");
  CHECK(complaints(file_of("{}", "x")) == "w.safetensors: its tensors have 0 bytes, but 1 follow the header\n");
}

TEST_CASE("a file that was cut off is called so, with what is missing") {
  const std::string whole = file_of(
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"n":{"dtype":"I64","shape":[],"data_offsets":[8,16]}})",
      two_floats + two_floats);
  const size_t header = whole.size() - 16;
  const auto cut = [&](size_t bytes) { return complaints(whole.substr(0, bytes)); };
  CHECK(cut(8) == fmt::format("w.safetensors: is cut off: 0 of the {0} bytes of its header are there, more than {0} "
                              "are missing\n",
                              header - 8));
  CHECK(cut(20) == fmt::format("w.safetensors: is cut off: 12 of the {} bytes of its header are there, more than {} "
                               "are missing\n",
                               header - 8, header - 20));
  CHECK(cut(header) == "w.safetensors: is cut off: 0 of the 16 bytes of its tensors are there, 16 are missing\n");
  CHECK(cut(header + 15) == "w.safetensors: is cut off: 15 of the 16 bytes of its tensors are there, 1 is missing\n");
  CHECK(complaints(whole).empty());
}

TEST_CASE("a header of very many tensors is given up early") {
  std::string header = "{";
  for (int i = 0; i <= 100'000; ++i)
    header += fmt::format(R"({}"t{}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})", i > 0 ? "," : "", i);
  CHECK(complaints(file_of(header + "}", "")) == "w.safetensors: bad header: it has more than 100000 tensors\n");
}

TEST_CASE("declared sizes are compared with stored ones before anything is allocated") {
  const auto shape = [](const std::string& dims, const std::string& offsets) {
    return file_of(R"({"a":{"dtype":"F32","shape":[)" + dims + R"(],"data_offsets":[)" + offsets + "]}}", two_floats);
  };
  CHECK(complaints(shape("3", "0,8")) == "w.safetensors: `a` is 3 of F32, which is not the 8 bytes that it has\n");
  CHECK(complaints(shape("4294967296,4294967296,2", "0,8")) ==
        "w.safetensors: `a` is 4294967296x4294967296x2 of F32, which is not the 8 bytes that it has\n");
  CHECK(complaints(shape("9223372036854775807", "0,8")).find("is not the 8 bytes") != std::string::npos);
  CHECK(complaints(shape("1", "8,4")) == "w.safetensors: `a` is at bytes 8 to 4 of 8\n");
  CHECK(complaints(shape("1", "4,8")) == "w.safetensors: `a` begins at byte 4, but the one before ends at 0\n");
  CHECK(complaints(shape("-1", "0,8")) == "w.safetensors: bad header: a negative number at `shape`\n");
  CHECK(complaints(shape("2", "0,4,8")) == "w.safetensors: bad header: `a` has more than two data_offsets\n");
  CHECK(complaints(shape("2", "0")) == "w.safetensors: bad header: `a` lacks dtype, shape or data_offsets\n");
}

TEST_CASE("overlapping tensors") {
  CHECK(
      complaints(file_of(
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
          two_floats)) == "w.safetensors: `b` begins at byte 4, but the one before ends at 8\n");
}

TEST_CASE("headers that are something else") {
  const auto header = [](const std::string& json) { return complaints(file_of(json, "")); };
  CHECK(header("[1]") == "w.safetensors: is no safetensors file: those begin with the length of a header and `{`\n");
  CHECK(header("{") == "w.safetensors: bad header: it is no JSON from byte 2 on\n");
  CHECK(header(R"({"a": 1})") == "w.safetensors: bad header: the number 1 at `a`\n");
  CHECK(header(R"({"a": {"dtype": "F32", "dtype": "F32"}})") ==
        "w.safetensors: bad header: `a` has twice the key `dtype`\n");
  CHECK(header(R"({"a": {"dtype": "F32", "colour": 1}})") ==
        "w.safetensors: bad header: `a` has an unknown key `colour`\n");
  CHECK(
      header(
          R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})") ==
      "w.safetensors: bad header: `a` is there twice\n");
  CHECK(header(R"({"a": {"dtype": "F32", "shape": [[1]]}})") == "w.safetensors: bad header: a list at `shape`\n");
  CHECK(header(R"({"a": {"dtype": "F32", "shape": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}})") ==
        "w.safetensors: bad header: `a` has more than 16 dims\n");
  CHECK(header("{\"\xff\": {}}").find("it is no JSON") != std::string::npos);
  CHECK(header(R"({"a":)" + std::string(100'000, '[')).find("a list") != std::string::npos);
}

TEST_CASE("of other types only name and shape are kept") {
  const std::string header =
      R"({"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"q":{"dtype":"F8_E4M3","shape":[0],"data_offsets":[8,8]},)"
      R"("f":{"dtype":"F4","shape":[3,2],"data_offsets":[8,11]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[11,13]},)"
      R"("new":{"dtype":"X9","shape":[7],"data_offsets":[13,14]},"w":{"dtype":"F16","shape":[1],"data_offsets":[14,16]}})";
  Diagnostics diagnostics;
  const WeightStore store = parse_safetensors(file_of(header, two_floats + two_floats), "w.safetensors", diagnostics);
  CHECK(diagnostics.all().empty());
  REQUIRE(store.tensors.size() == 6);
  for (const auto& [name, type] : std::map<std::string, std::string>{
           {"n", "I64"}, {"q", "F8_E4M3"}, {"f", "F4"}, {"b", "BOOL"}, {"new", "X9"}, {"w", ""}}) {
    CHECK(store.tensors.at(name).unread == type);
    CHECK(store.tensors.at(name).values.empty() == !type.empty());
  }
  CHECK(complaints(file_of(R"({"n":{"dtype":"I64","shape":[2],"data_offsets":[0,8]}})", two_floats)) ==
        "w.safetensors: `n` is 2 of I64, which is not the 8 bytes that it has\n");
}

TEST_CASE("paths that are no files") {
  const auto complaint = [](const std::string& path) {
    Diagnostics diagnostics;
    CHECK(read_safetensors(path, diagnostics).tensors.empty());
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all()[0].message;
  };
  CHECK(complaint("/nowhere/w.safetensors") == "/nowhere/w.safetensors: No such file or directory");
  CHECK(complaint("/") == "/: is a folder");
  CHECK(complaint("/dev/zero") == "/dev/zero: is not a regular file");
}

TEST_CASE("halves, brain floats and doubles become the nearest float") {
  const auto one = [](NumberType type, uint64_t bits) {
    std::string bytes;
    for (int i = 0; i < bytes_of(type); ++i) bytes += static_cast<char>(bits >> (8 * i));
    return to_floats(type, bytes)[0];
  };
  CHECK(one(NumberType::f16, 0x3c00) == 1.0F);
  CHECK(one(NumberType::f16, 0xc000) == -2.0F);
  CHECK(one(NumberType::f16, 0x7bff) == 65504.0F);
  CHECK(one(NumberType::f16, 0x0001) == 0x1p-24F);  // the smallest subnormal
  CHECK(one(NumberType::f16, 0x03ff) == 1023 * 0x1p-24F);
  CHECK(one(NumberType::f16, 0x0400) == 0x1p-14F);
  CHECK(std::isinf(one(NumberType::f16, 0x7c00)));
  CHECK(std::isnan(one(NumberType::f16, 0x7e00)));
  CHECK(one(NumberType::bf16, 0xc040) == -3.0F);
  CHECK(one(NumberType::f64, 0x3fb999999999999a) == 0.1F);
  CHECK(one(NumberType::f64, 0x47efffffdfffffff) == std::numeric_limits<float>::max());  // just below the tie
  CHECK(std::isinf(one(NumberType::f64, 0x47effffff0000000)));
  CHECK(one(NumberType::f64, 0xffefffffffffffff) == -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(one(NumberType::f64, 0x7ff8000000000000)));
}
