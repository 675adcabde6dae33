#include "dsl/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "dsl/text.h"

namespace deeper {
namespace {

using Result = std::variant<int64_t, ExpressionError>;

int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

bool is_name(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// Recursive descent; `error_` is the first mistake, after which every step returns 0.
class Parser {
 public:
  Parser(std::string_view text, const Lookup& lookup) : text_(text), lookup_(lookup) {}

  Result run() {
    const int64_t value = sum();
    skip_blanks();
    if (!failed_ && at_ < text_.size()) unexpected();
    return failed_ ? Result(error_) : Result(value);
  }

 private:
  int64_t fail(std::string_view id, size_t offset, size_t length, std::string message, std::string help = {}) {
    if (!failed_) error_ = {id, offset, std::max<size_t>(1, length), std::move(message), std::move(help)};
    failed_ = true;
    return 0;
  }

  int64_t unexpected() {
    if (at_ >= text_.size())
      return fail("bad-expression", text_.size() - 1, 1, "the arithmetic stops here, a number or `$name` must follow");
    const size_t length = std::max(1, code_point_bytes(text_.substr(at_)));
    const bool division = text_[at_] == '/';
    return fail("bad-expression", at_, length, ticked(text_.substr(at_, length)) + " has no place in arithmetic here",
                division ? "division is `//`, it rounds down" : "arithmetic takes + - * // and parentheses");
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool take(std::string_view word) {
    skip_blanks();
    if (failed_ || !text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  int64_t checked(__int128 value, size_t begin) {
    if (value > max_int || value < -max_int) {
      return fail("expression-overflow", begin, at_ - begin, fmt::format("this goes beyond 2^40 = {}", max_int));
    }
    return static_cast<int64_t>(value);
  }

  int64_t sum() {
    skip_blanks();
    const size_t begin = at_;
    int64_t value = product();
    while (!failed_) {
      if (take("+")) {
        value = checked(static_cast<__int128>(value) + product(), begin);
      } else if (take("-")) {
        value = checked(static_cast<__int128>(value) - product(), begin);
      } else {
        break;
      }
    }
    return value;
  }

  int64_t product() {
    skip_blanks();
    const size_t begin = at_;
    int64_t value = factor();
    while (!failed_) {
      if (take("*")) {
        value = checked(static_cast<__int128>(value) * factor(), begin);
      } else if (take("//")) {
        const int64_t divisor = factor();
        if (!failed_ && divisor == 0) return fail("expression-overflow", begin, at_ - begin, "division by zero");
        value = failed_ ? 0 : floor_divide(value, divisor);
      } else {
        break;
      }
    }
    return value;
  }

  int64_t factor() {
    constexpr int max_depth = 64;
    if (failed_) return 0;
    skip_blanks();
    const size_t begin = at_;
    if (++depth_ > max_depth) return fail("bad-expression", begin, 1, "arithmetic nested too deep");
    int64_t value = 0;
    if (take("-")) {
      value = -factor();
    } else if (take("(")) {
      value = sum();
      if (!failed_ && !take(")")) return fail("bad-expression", begin, 1, "this `(` is not closed");
    } else if (take("$")) {
      value = name(begin);
    } else if (at_ < text_.size() && is_digit(text_[at_])) {
      value = number(begin);
    } else {
      return unexpected();
    }
    --depth_;
    return value;
  }

  int64_t number(size_t begin) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    at_ = static_cast<size_t>(end - text_.data());
    if (error != std::errc()) value = max_int + 1;
    if (at_ < text_.size() && (is_name(text_[at_]) || text_[at_] == '.'))
      return fail("bad-expression", begin, at_ - begin + 1, "arithmetic takes whole numbers");
    return checked(value, begin);
  }

  int64_t name(size_t begin) {
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    if (at_ == begin + 1) return fail("bad-expression", begin, 1, "a name must follow `$`");
    Result found = lookup_(text_.substr(begin + 1, at_ - begin - 1));
    if (const int64_t* value = std::get_if<int64_t>(&found)) return checked(*value, begin);
    ExpressionError& error = std::get<ExpressionError>(found);
    return fail(error.id, begin, at_ - begin, std::move(error.message), std::move(error.help));
  }

  std::string_view text_;
  const Lookup& lookup_;
  size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  ExpressionError error_;
};

}  // namespace

Result evaluate(std::string_view text, const Lookup& lookup) { return Parser(text, lookup).run(); }

bool looks_like_arithmetic(std::string_view text) {
  const bool fits = text.find_first_not_of("0123456789+-*/() ") == std::string_view::npos;
  return fits && text.find_first_of("0123456789") != std::string_view::npos &&
         text.find_first_of("+-*/()", 1) != std::string_view::npos;
}

}  // namespace deeper
