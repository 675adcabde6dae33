// Whole-number arithmetic with parameters: + - * // and parentheses. Nothing else in a spec is ever evaluated.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

namespace deeper {

/// Every whole number of a spec lies within -max_int..max_int.
constexpr int64_t max_int = int64_t{1} << 40;

/// Where in the text, in bytes, and what.
struct ExpressionError {
  std::string_view id;
  size_t offset = 0;
  size_t length = 1;
  std::string message;
  std::string help;
};

/// The value of `$name`; the error's place is set by the caller.
using Lookup = std::function<std::variant<int64_t, ExpressionError>(std::string_view name)>;

/// `//` rounds down. Every step must stay within max_int.
std::variant<int64_t, ExpressionError> evaluate(std::string_view text, const Lookup& lookup);

/// Could be arithmetic without names: digits, operators, blanks and parentheses only.
bool looks_like_arithmetic(std::string_view text);

}  // namespace deeper
