#include "codegen/weights/rename.h"

#include <optional>

namespace deeper {
namespace {

/// What each star matched. Going back to the last star only is enough: an earlier one that matched more would not help
/// a later one.
std::optional<std::vector<std::string_view>> match(std::string_view name, std::string_view pattern) {
  struct Star {
    size_t pattern, begin, end;  ///< place in the pattern; what it matches of the name
  };
  std::vector<Star> stars;
  size_t n = 0, p = 0;
  while (n < name.size() || p < pattern.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      stars.push_back({p++, n, n});
    } else if (p < pattern.size() && n < name.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (!stars.empty() && stars.back().end < name.size()) {
      n = ++stars.back().end;
      p = stars.back().pattern + 1;
    } else {
      return std::nullopt;
    }
  }
  std::vector<std::string_view> captures;
  captures.reserve(stars.size());
  for (const Star& star : stars) captures.push_back(name.substr(star.begin, star.end - star.begin));
  return captures;
}

/// `{1}` and so on replaced; `parse` has checked that there are so many stars.
std::string filled(std::string_view text, const std::vector<std::string_view>& captures) {
  constexpr size_t longest = 1 << 16;  // rules that double a name again and again end here
  std::string out;
  for (size_t i = 0; i < text.size() && out.size() < longest; ++i) {
    const size_t close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
    size_t number = 0;
    bool digits = close != std::string_view::npos && close > i + 1 && close - i < 5;
    for (size_t k = i + 1; digits && k < close; ++k) {
      digits = text[k] >= '0' && text[k] <= '9';
      number = number * 10 + static_cast<size_t>(text[k] - '0');
    }
    if (!digits || number < 1 || number > captures.size()) {
      out += text[i];
      continue;
    }
    out += captures[number - 1].substr(0, longest);
    i = close;
  }
  return out;
}

}  // namespace

Renamed renamed(std::string_view name, const std::vector<RenameRule>& rules) {
  Renamed out{std::string(name), {}};
  for (size_t i = 0; i < rules.size(); ++i) {
    const auto captures = match(out.path, rules[i].from);
    if (!captures) continue;
    out.path = filled(rules[i].to, *captures);
    out.rules.push_back(i);
    if (!rules[i].more) break;
  }
  return out;
}

bool matches(std::string_view name, std::string_view pattern) { return match(name, pattern).has_value(); }

}  // namespace deeper
