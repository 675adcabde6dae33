// Names of the model -> identifiers: different paths never meet, nothing reaches C++ that means something there.
#include <catch2/catch.hpp>
#include <cctype>
#include <set>

#include "codegen/schedule/names.h"

namespace deeper {
namespace {

TEST_CASE("ordinary paths keep their words") {
  Names names;
  CHECK(names.unique("conv1") == "conv1");
  CHECK(names.unique("inception_3a/3x3_reduce") == "inception_3a_3x3_reduce");
  CHECK(names.unique("Mixed_5b/Branch-0.conv") == "Mixed_5b_Branch_0_conv");
  CHECK(names.unique("module") == "module");
}

TEST_CASE("what means something in C++ is told apart") {
  Names names;
  CHECK(names.unique("1x1") == "layer_1x1");
  CHECK(names.unique("int") == "layer_int");
  CHECK(names.unique("operator") == "layer_operator");
  CHECK(names.unique("rt") == "layer_rt");
  CHECK(names.unique("buffers") == "layer_buffers");
  CHECK(names.unique("m") == "layer_m");
  CHECK(names.unique("EOF") == "layer_EOF");
  CHECK(names.unique("INT_MAX") == "layer_INT_MAX");
  CHECK(names.unique("errno") == "layer_errno");
  CHECK(names.unique("__linux__") == "layer_linux");
  CHECK(names.unique("_Start") == "Start");
  CHECK(names.unique("a__b") == "a_b");
}

TEST_CASE("paths that differ get identifiers that differ") {
  Names names;
  std::set<std::string> seen;
  for (const char* path :
       {"a/b", "a_b",   "a.b",     "a-b", "a_b_2",   "a_b/2",       "a__b", "a_b_", "_",  "",         "-",
        "/",   "layer", "layer_2", "A",   "layer_A", "*/ #include", "\n",   "\\",   "\"", "\xff\xfe", "a\xc3\xa9"}) {
    const std::string name = names.unique(path);
    INFO("path " << path << " -> " << name);
    CHECK(seen.insert(name).second);
    CHECK((std::isalpha(static_cast<unsigned char>(name.front())) && name.find("__") == std::string::npos));
    for (const char c : name) CHECK((std::isalnum(static_cast<unsigned char>(c)) || c == '_'));
  }
}

TEST_CASE("layers computed together share their folder's name") {
  CHECK(joint_path({"inception_3a/1x1", "inception_3a/3x3_reduce", "inception_3a/5x5_reduce"}) ==
        "inception_3a/1x1/3x3_reduce/5x5_reduce");
  CHECK(joint_path({"a/b/c", "a/d"}) == "a/b/c/d");
  CHECK(joint_path({"conv"}) == "conv");
  CHECK(joint_path({"x", "y/z"}) == "x/y/z");
  CHECK(joint_path({}).empty());
}

TEST_CASE("comments hold nothing that ends them") {
  CHECK(comment_text("inception_3a/3x3.b-1") == "inception_3a/3x3.b-1");
  CHECK(comment_text("*/ x\n#y\\") == "_/_x__y_");
}

}  // namespace
}  // namespace deeper
