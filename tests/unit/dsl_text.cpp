#include "dsl/text.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace deeper;

TEST_CASE("code points are counted, bad bytes count one") {
  CHECK(count_code_points("") == 0);
  CHECK(count_code_points("a\u00fc\u20ac\U0001f600") == 4);
  CHECK(count_code_points("\xff\xfe") == 2);
}

TEST_CASE("UTF-8 is checked to the letter") {
  CHECK_FALSE(find_invalid_utf8("gr\u00fcn \U0001f600"));
  CHECK(find_invalid_utf8("ab\xff") == size_t{2});
  CHECK(find_invalid_utf8("\xc0\xaf") == size_t{0});          // longer than needed
  CHECK(find_invalid_utf8("\xe0\x80\xaf") == size_t{0});      // longer than needed
  CHECK(find_invalid_utf8("\xed\xa0\x80") == size_t{0});      // half a surrogate pair
  CHECK(find_invalid_utf8("\xf4\x90\x80\x80") == size_t{0});  // beyond U+10FFFF
  CHECK(find_invalid_utf8("x\xe2\x82") == size_t{1});         // cut off
}

TEST_CASE("what is shown cannot steer a terminal") {
  CHECK(ticked("a\x1b[31mb") == "`a?[31mb`");
  CHECK(printable("a\tb\x01\xff") == "a b??");
  CHECK(printable("\xc2\x9b") == "?");
  CHECK(printable("\xc2\xa0\xe2\x80\xa7\xe2\x81\xaa") == "\xc2\xa0\xe2\x80\xa7\xe2\x81\xaa");  // neighbours of such
  for (const char* bidi : {"\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"}) CHECK(printable(bidi) == "?");
  CHECK(printable_lines("a\x1b\nerror: b\n", "  ") == "a?\n  error: b\n  ");
  CHECK(escaped_controls("[\"a\x7f\xc2\x9b\u202e\u00fc\"]\n") == "[\"a\\u007f\\u009b\\u202e\u00fc\"]\n");
  CHECK(ticked(std::string(100, 'x')) == "`" + std::string(60, 'x') + "...`");
}

TEST_CASE("nearest finds typing mistakes and nothing else") {
  const std::vector<std::string_view> known = {"kernel", "stride", "pad", "out"};
  CHECK(nearest("kernal", known) == "kernel");
  CHECK(nearest("krenel", known) == "kernel");
  CHECK(nearest("padd", known) == "pad");
  CHECK(nearest("strides", known) == "stride");
  CHECK(nearest("activation", known).empty());
  CHECK(nearest("x", known).empty());
  CHECK(nearest("", known).empty());
}

TEST_CASE("suggestion names the nearest or lists all") {
  CHECK(suggestion("padd", {"pad", "out"}, "keys are") == "did you mean `pad`?");
  CHECK(suggestion("zzzzzz", {"pad", "out"}, "keys are") == "keys are: pad, out");
  CHECK(suggestion("zzzzzz", {}, "keys are").empty());
}

TEST_CASE("whole numbers of the core schema") {
  CHECK(parse_int("12") == 12);
  CHECK(parse_int("-12") == -12);
  CHECK(parse_int("+12") == 12);
  CHECK(parse_int("0o17") == 15);
  CHECK(parse_int("0x1F") == 31);
  CHECK(parse_int("-9223372036854775808") == std::numeric_limits<int64_t>::min());
  for (const char* text :
       {"", "-", "+", "--1", "+-1", "1_000", "0x", "0o8", "0x-1", "1.0", " 1", "9223372036854775808", "1x1"})
    CHECK_FALSE(parse_int(text));
}

TEST_CASE("numbers of the core schema are finite") {
  CHECK(parse_number("1.0e-4") == 1e-4);
  CHECK(parse_number("+.5") == 0.5);
  CHECK(parse_number("5.") == 5);
  CHECK(parse_number("-1e3") == -1000);
  for (const char* text : {"", ".", "e5", "1e", ".inf", "inf", "nan", "1e999", "0x1p3", "1 ", "1,5", "1e5x"})
    CHECK_FALSE(parse_number(text));
}

TEST_CASE("only true, false and null are what YAML 1.2 says they are") {
  CHECK(parse_bool("True") == true);
  CHECK(parse_bool("FALSE") == false);
  CHECK_FALSE(parse_bool("yes"));
  CHECK_FALSE(parse_bool("tRue"));
  CHECK(is_null("~"));
  CHECK(is_null(""));
  CHECK_FALSE(is_null("none"));
}

TEST_CASE("number_text reads back as the same double") {
  CHECK(number_text(0.75) == "0.75");
  CHECK(number_text(104) == "104");
  CHECK(number_text(1e-4) == "1.0e-4");
  CHECK(number_text(1e-12) == "1.0e-12");
  CHECK(number_text(1e300) == "1.0e+300");
  CHECK(number_text(-0.0) == "-0.0");
  for (double value : {0.1, 1.0 / 3, 1e-310, 123456.789, 1e15, 1e16, 2.5e-7, std::numeric_limits<double>::max()})
    CHECK(parse_number(number_text(value)) == value);
}

TEST_CASE("ids and identifiers") {
  CHECK(is_id("3x3_reduce"));
  CHECK(is_id("block-1.2"));
  CHECK_FALSE(is_id(""));
  CHECK_FALSE(is_id("a/b"));
  CHECK_FALSE(is_id("a b"));
  CHECK_FALSE(is_id(std::string(129, 'a')));
  CHECK(is_identifier("_a1"));
  CHECK_FALSE(is_identifier("1a"));
  CHECK_FALSE(is_identifier("a-b"));
}
