#include "dsl/expression.h"

#include <catch2/catch.hpp>

using namespace deeper;

namespace {

using Result = std::variant<int64_t, ExpressionError>;

Result run(std::string_view text) {
  return evaluate(text, [](std::string_view name) -> Result {
    if (name == "x") return int64_t{12};
    if (name == "big") return max_int;
    return ExpressionError{"unknown-parameter", 0, 1, "unknown", {}};
  });
}

int64_t value(std::string_view text) {
  const Result result = run(text);
  INFO(text);
  REQUIRE(std::holds_alternative<int64_t>(result));
  return std::get<int64_t>(result);
}

std::string error(std::string_view text) {
  const Result result = run(text);
  INFO(text);
  REQUIRE(std::holds_alternative<ExpressionError>(result));
  const ExpressionError& e = std::get<ExpressionError>(result);
  CHECK(e.offset + e.length <= text.size());
  return std::string(e.id) + " " + std::to_string(e.offset) + "+" + std::to_string(e.length);
}

}  // namespace

TEST_CASE("arithmetic binds as usual") {
  CHECK(value("1 + 2 * 3") == 7);
  CHECK(value("(1 + 2) * 3") == 9);
  CHECK(value("10 - 4 - 3") == 3);
  CHECK(value("7 // 2 * 2") == 6);
  CHECK(value("($x + 7) // 8 * 8") == 16);
  CHECK(value("$x*$x") == 144);
  CHECK(value("  $x  ") == 12);
  CHECK(value("-$x + 20") == 8);
  CHECK(value("2 * -3") == -6);
}

TEST_CASE("division rounds down, for negative numbers too") {
  CHECK(value("-7 // 2") == -4);
  CHECK(value("7 // -2") == -4);
  CHECK(value("-7 // -2") == 3);
  CHECK(value("-8 // 2") == -4);
  CHECK(value("0 // 5") == 0);
}

TEST_CASE("no step leaves the bounds") {
  CHECK(value("$big") == max_int);
  CHECK(value("0 - $big") == -max_int);
  CHECK(error("$big + 1") == "expression-overflow 0+8");
  CHECK(error("0 - $big - 1") == "expression-overflow 0+12");
  CHECK(error("$big * 2 // 2") == "expression-overflow 0+8");
  CHECK(error("1 + $big * $big") == "expression-overflow 4+11");
  CHECK(error("99999999999999999999") == "expression-overflow 0+20");
  CHECK(error("$x // ($x - 12)") == "expression-overflow 0+15");
}

TEST_CASE("mistakes have a place") {
  CHECK(error("$x / 2") == "bad-expression 3+1");
  CHECK(error("$x + ") == "bad-expression 4+1");
  CHECK(error("($x") == "bad-expression 0+1");
  CHECK(error("$x)") == "bad-expression 2+1");
  CHECK(error("$x $x") == "bad-expression 3+1");
  CHECK(error("1.5 * 2") == "bad-expression 0+2");
  CHECK(error("$") == "bad-expression 0+1");
  CHECK(error("2 * $y") == "unknown-parameter 4+2");
  CHECK(error("2 ** 3") == "bad-expression 3+1");
  CHECK(error("__import__") == "bad-expression 0+1");
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](int depth) { return std::string(depth, '(') + "1" + std::string(depth, ')'); };
  CHECK(value(nested(30)) == 1);
  CHECK(error(nested(100000)).starts_with("bad-expression"));
  CHECK(error(std::string(100000, '-') + "1").starts_with("bad-expression"));
}

TEST_CASE("arithmetic without names is told from words") {
  CHECK(looks_like_arithmetic("8 * 2"));
  CHECK(looks_like_arithmetic("(8)"));
  CHECK_FALSE(looks_like_arithmetic("8"));
  CHECK_FALSE(looks_like_arithmetic("-8"));
  CHECK_FALSE(looks_like_arithmetic("3x3"));
  CHECK_FALSE(looks_like_arithmetic("--"));
}
