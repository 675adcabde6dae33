// One checked integer for every size, count and product of sizes.
#pragma once
#include <compare>
#include <cstdint>
#include <string>

namespace deeper {

/// 64-bit; an overflow sticks, so that a chain of products is checked once at its end with `ok()`.
class Size {
 public:
  constexpr Size(int64_t value = 0) : value_(value) {}  // NOLINT(google-explicit-constructor): numbers are sizes

  constexpr bool ok() const { return !overflow_; }
  constexpr int64_t value() const { return value_; }

  friend constexpr Size operator+(Size a, Size b) {
    Size r;
    r.overflow_ = a.overflow_ || b.overflow_ || __builtin_add_overflow(a.value_, b.value_, &r.value_);
    return r;
  }
  friend constexpr Size operator*(Size a, Size b) {
    Size r;
    r.overflow_ = a.overflow_ || b.overflow_ || __builtin_mul_overflow(a.value_, b.value_, &r.value_);
    return r;
  }
  Size& operator+=(Size b) { return *this = *this + b; }
  Size& operator*=(Size b) { return *this = *this * b; }

 private:
  int64_t value_ = 0;
  bool overflow_ = false;
};

/// Height x width x channels of one activation; batch is always 1 in the graph.
struct Shape {
  int64_t height = 0, width = 0, channels = 0;

  Size elements() const { return Size(height) * width * channels; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// "28x28x192".
std::string to_string(const Shape& shape);

}  // namespace deeper
