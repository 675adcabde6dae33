// How two arrays of a step differ, told by their values alone.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "codegen/cli/golden_hints.h"

using namespace deeper;

namespace {

constexpr int64_t height = 6, width = 6, channels = 4;

/// Values without symmetries, of both signs.
double value(int64_t y, int64_t x, int64_t c) { return std::sin(double(1 + y * 37 + x * 11 + c * 101)) * 8; }

template <class Value>
Array map(Value&& of, int64_t depth = channels) {
  Array array{{height, width, depth}, {}};
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < depth; ++c) array.values.push_back(float(of(y, x, c)));
  return array;
}

template <class Value>
std::string hint(Value&& now) {
  return difference_hint(map(now), map(value));
}

}  // namespace

TEST_CASE("hints: channels in another order") {
  CHECK(hint([](auto y, auto x, auto c) { return value(y, x, channels - 1 - c); }) ==
        "its channels are in reverse order");
  const auto three = [](auto of) { return map(of, 3); };
  CHECK(difference_hint(three([](auto y, auto x, auto c) { return value(y, x, 2 - c); }), three(value)) ==
        "its channels are in reverse order: RGB and BGR are exchanged");
  CHECK(difference_hint(three([](auto y, auto x, auto c) { return value(y, x, 2 - c) - double(c); }), three(value)) ==
        "its channels are in reverse order, each with its own shift: RGB and BGR are exchanged");
  const auto dead = [](auto y, auto x, auto c) { return c % 2 == 0 ? 0.0 : value(y, x, c); };
  CHECK(difference_hint(map([&](auto y, auto x, auto c) { return dead(y, x, (c + 4) % 8); }, 8), map(dead, 8))
            .starts_with("the same channels in another order"));
  CHECK(hint([](auto y, auto x, auto c) { return value(y, x, (c + 1) % channels); }) ==
        "the same channels in another order: 0 to 2 are the recorded 1 to 3, 3 is the recorded 0");
}

TEST_CASE("hints: the map turned or shifted") {
  CHECK(hint([](auto y, auto x, auto c) { return value(height - 1 - y, x, c); }) == "it is upside down");
  CHECK(hint([](auto y, auto x, auto c) { return value(y, width - 1 - x, c); }) == "left and right are exchanged");
  CHECK(hint([](auto y, auto x, auto c) { return value(x, y, c); }) == "rows and columns are exchanged");
  CHECK(hint([](auto y, auto x, auto c) { return value(y + 1, x, c); }) ==
        "the map is shifted by one pixel: padding on the other side");
}

TEST_CASE("hints: scales and shifts, of all values or by channel") {
  CHECK(hint([](auto y, auto x, auto c) { return 255 * value(y, x, c); }) == "every value is 255 times what it was");
  CHECK(hint([](auto y, auto x, auto c) { return value(y, x, c) - 2; }) == "every value is what it was -2");
  CHECK(
      hint([](auto y, auto x, auto c) { return value(y, x, c) - double(c); }) ==
      "each channel has its own shift (bias, mean): channel 0 is as it was, channel 1 is what it was -1, channel 2 is "
      "what it was -2, channel 3 is what it was -3");
  CHECK(hint([](auto y, auto x, auto c) {
          return value(y, x, c) * (1 + double(c)) + 1;
        }).starts_with("each channel has its own scale and shift"));
}

TEST_CASE("hints: activations") {
  const auto relu = [](auto y, auto x, auto c) { return std::max(0.0, value(y, x, c)); };
  CHECK(difference_hint(map(value), map(relu)) == "negative values are kept where they were 0: a relu is missing");
  CHECK(hint(relu) == "0 stands where values were negative: a relu too many");
  const auto relu6 = [&](auto y, auto x, auto c) { return std::min(6.0, relu(y, x, c)); };
  CHECK(difference_hint(map(relu6), map(relu)) == "values above 6 are cut: a relu6 where there was none");
  CHECK(difference_hint(map(relu), map(relu6)) == "values above 6 are kept: a relu where a relu6 was");
  const auto leaky = [](auto y, auto x, auto c) { return std::max(0.1 * value(y, x, c), value(y, x, c)); };
  const auto other = [](auto y, auto x, auto c) { return std::max(0.2 * value(y, x, c), value(y, x, c)); };
  CHECK(difference_hint(map(other), map(leaky)) == "negative values are 2 times what they were: another leaky_relu");
}

TEST_CASE("hints: only the border, another shape, nothing that is known") {
  CHECK(hint([](auto y, auto x, auto c) { return value(y, x, c) * (x == 0 ? std::sin(double(y * 5 + c)) : 1.0); }) ==
        "only the map's border differs: padding, or an average that counts it otherwise");
  CHECK(difference_hint(map(value, 3), map(value)) == "it is 6x6x3, was 6x6x4");
  CHECK(hint([](auto y, auto x, auto c) { return std::cos(double(y * 3 + x * 5 + c * 7)); }).empty());
  CHECK(difference_hint({{0}, {}}, {{0}, {}}).empty());
}
