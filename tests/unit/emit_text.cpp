// Pieces of emitted text.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "codegen/emit/emit.h"
#include "codegen/emit/writer.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "runtime/preprocess.h"
#include "runtime/resize.h"
#include "tests/unit/ir_support.h"

namespace deeper {
namespace {

// The table holds the spec's numbers as they are.
constexpr bool same_number(Filter a, rt::Filter b) { return static_cast<int>(a) == static_cast<int>(b); }
static_assert(same_number(Filter::bilinear, rt::Filter::bilinear) &&
              same_number(Filter::bicubic, rt::Filter::bicubic) && same_number(Filter::box, rt::Filter::box) &&
              same_number(Filter::nearest, rt::Filter::nearest) &&
              same_number(Filter::opencv_bilinear, rt::Filter::opencv_bilinear) &&
              same_number(Filter::opencv_bicubic, rt::Filter::opencv_bicubic) &&
              same_number(Filter::opencv_nearest, rt::Filter::opencv_nearest) &&
              same_number(Filter::area, rt::Filter::area) &&
              same_number(Filter::tf_bilinear, rt::Filter::tf_bilinear) &&
              same_number(Filter::tf1_bilinear, rt::Filter::tf1_bilinear) &&
              same_number(Filter::bilinear_align_corners, rt::Filter::bilinear_align_corners));
static_assert(int(Alpha::drop) == int(rt::Alpha::drop) && int(Alpha::black) == int(rt::Alpha::black) &&
              int(Alpha::white) == int(rt::Alpha::white));
static_assert(int(ChannelOrder::rgb) == int(rt::ChannelOrder::rgb) &&
              int(ChannelOrder::bgr) == int(rt::ChannelOrder::bgr) &&
              int(ChannelOrder::gray) == int(rt::ChannelOrder::gray));

TEST_CASE("blocks close themselves, loops without braces indent") {
  CppWriter out;
  {
    const auto outer = out.block("if ({})", "a");
    out.line("for (;;)");
    const auto inner = out.indented();
    out.line("f();");
  }
  CHECK(out.take() == "if (a) {\n  for (;;)\n    f();\n}\n");
}

TEST_CASE("lists are wrapped between their parts") {
  CppWriter out;
  const std::string word(50, 'x');
  out.list("f(", {word, word, word}, ");");
  CHECK(out.take() == "f(" + word + ", " + word + ",\n  " + word + ");\n");
  out.list("f(", {}, ");");
  CHECK(out.take() == "f();\n");
}

TEST_CASE("comments are wrapped between words") {
  CppWriter out;
  out.comment(std::string(100, 'a') + " " + std::string(100, 'b'));
  CHECK(out.take() == "// " + std::string(100, 'a') + "\n// " + std::string(100, 'b') + "\n");
}

TEST_CASE("strings are escaped, without trigraphs and without running into digits") {
  CHECK(string_literal("conv1") == "\"conv1\"");
  CHECK(string_literal("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(string_literal("\n1?\?/\xff") == "\"\\0121\\077\\077/\\377\"");
}

TEST_CASE("floats read back as the same number") {
  CHECK(float_literal(1) == "1.0f");
  CHECK(float_literal(2e-5) == "2e-05f");
  CHECK(float_literal(-0.1) == "-0.1f");
  for (const double value : {0.1, 1.0 / 3, 72.94, 0.0111, 1e-30, 123456789.0}) {
    CHECK(std::strtof(float_literal(value).c_str(), nullptr) == static_cast<float>(value));
  }
}

TEST_CASE("the same schedule is emitted as the same bytes, lines and pages are readable") {
  for (const char* name : {"inception_reduced", "googlenet", "fashion"}) {
    TestNetwork first = from_zoo(name), second = from_zoo(name);
    for (const Target& target : targets()) {
      ScheduleOptions options;
      options.sources = &first.sources;
      const auto a = emit(schedule(optimize(first.graph(), {}), target, options));
      options.sources = &second.sources;
      const auto b = emit(schedule(optimize(second.graph(), {}), target, options));
      REQUIRE(a.size() == b.size());
      for (size_t i = 0; i < a.size(); ++i) {
        CHECK(a[i].name == b[i].name);
        CHECK(a[i].text == b[i].text);
        const bool c_header = a[i].name == second.checked.spec.name + ".h";
        CHECK(a[i].text.starts_with(c_header ? "/* SPDX" : a[i].name.ends_with(".txt") ? "# SPDX" : "// SPDX"));
        CHECK(a[i].text.find('\t') == std::string::npos);
        CHECK(a[i].text.find(" \n") == std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace deeper
