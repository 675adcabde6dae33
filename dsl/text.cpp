#include "dsl/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace deeper {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The `bytes` long UTF-8 character at the begin steers a terminal, or the order of what stands beside it, instead of
/// being shown: C0, DEL, C1 (U+0080 to U+009F); separators of lines and paragraphs, embeddings, overrides and isolates
/// of a direction (U+2028 to U+202E, U+2066 to U+2069).
bool is_control(std::string_view text, int bytes) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (bytes == 1) return byte(0) < ' ' || byte(0) == 0x7f;
  if (bytes == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  if (bytes != 3 || byte(0) != 0xe2) return false;
  return (byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae) ||
         (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// Edit distance where a swap of neighbours counts one; `limit` + 1 where it is more than `limit`.
int distance(std::string_view a, std::string_view b, int limit) {
  const int rows = static_cast<int>(a.size()), columns = static_cast<int>(b.size());
  if (std::abs(rows - columns) > limit) return limit + 1;
  std::vector<int> before, last(columns + 1), now(columns + 1);
  for (int j = 0; j <= columns; ++j) last[j] = j;
  for (int i = 1; i <= rows; ++i) {
    now[0] = i;
    int smallest = i;
    for (int j = 1; j <= columns; ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
      smallest = std::min(smallest, now[j]);
    }
    if (smallest > limit) return limit + 1;
    before = last;
    last = now;
  }
  return last[columns];
}

/// [-+]? ( . digits | digits ( . digits? )? ) ( e [-+]? digits )?
bool looks_like_number(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t begin = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > begin;
  };
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const bool whole = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits() && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

}  // namespace

int code_point_bytes(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const int size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < static_cast<size_t>(size)) return 0;
  for (int i = 1; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const unsigned second = byte(1);
  if (lead == 0xe0 && second < 0xa0) return 0;  // longer than needed
  if (lead == 0xed && second > 0x9f) return 0;  // surrogates
  if (lead == 0xf0 && second < 0x90) return 0;
  if (lead == 0xf4 && second > 0x8f) return 0;
  return size;
}

int count_code_points(std::string_view text) {
  int count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max(1, code_point_bytes(text)));
  return count;
}

std::optional<size_t> find_invalid_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const int bytes = code_point_bytes(text.substr(i));
    if (bytes == 0) return i;
    i += bytes;
  }
  return std::nullopt;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const int bytes = code_point_bytes(text);
    if (text[0] == '\t') {
      out += ' ';
    } else if (bytes == 0 || is_control(text, bytes)) {
      out += '?';
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(std::max(1, bytes));
  }
  return out;
}

std::string printable_lines(std::string_view text, std::string_view indent) {
  std::string out;
  for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    out += printable(text.substr(0, end)) + "\n" + std::string(indent);
    text.remove_prefix(end + 1);
  }
  return out + printable(text);
}

std::string escaped_controls(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const int bytes = code_point_bytes(json);
    const auto byte = [&](size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(json[i])); };
    if (bytes != 0 && json[0] != '\n' && is_control(json, bytes)) {
      const unsigned point = bytes == 1   ? byte(0)
                             : bytes == 2 ? (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f)
                                          : (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += digits[point >> shift & 15];
    } else {
      out += json.substr(0, std::max(1, bytes));
    }
    json.remove_prefix(std::max(1, bytes));
  }
  return out;
}

std::string ticked(std::string_view text) {
  constexpr int longest = 60;
  std::string_view rest = text;
  int taken = 0;
  for (; !rest.empty() && taken < longest; ++taken) rest.remove_prefix(std::max(1, code_point_bytes(rest)));
  return "`" + printable(text.substr(0, text.size() - rest.size())) + (rest.empty() ? "`" : "...`");
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known) {
  std::string_view best;
  const int length = static_cast<int>(name.size());
  int best_distance = std::min({3, std::max(1, length / 3), std::max(0, length - 1)}) + 1;  // something must be left
  for (std::string_view candidate : known) {
    const int d = distance(name, candidate, best_distance - 1);
    if (d < best_distance) best = candidate, best_distance = d;
  }
  return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string_view>& known, std::string_view what) {
  const std::string_view near = nearest(name, known);
  if (!near.empty()) return "did you mean " + ticked(near) + "?";
  if (known.empty()) return {};
  constexpr size_t most = 20;
  std::string out(what);
  for (size_t i = 0; i < std::min(most, known.size()); ++i) {
    out += i == 0 ? ": " : ", ";
    out += printable(known[i]);
  }
  return known.size() > most ? out + ", ..." : out;
}

bool is_id(std::string_view text) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), fits);
}

bool is_identifier(std::string_view text) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  return !text.empty() && text.size() <= 64 && !is_digit(text[0]) && std::all_of(text.begin(), text.end(), fits);
}

bool looks_like_int(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<int64_t> parse_int(std::string_view text) {
  int base = 10;
  if (text.starts_with("0o")) base = 8;
  if (text.starts_with("0x")) base = 16;
  if (base == 10 && !looks_like_int(text)) return std::nullopt;
  text.remove_prefix(base == 10 ? text.starts_with("+") : 2);
  if (base != 10 && text.starts_with("-")) return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_number(std::string_view text) {
  if (const auto whole = parse_int(text)) return static_cast<double>(*whole);
  if (!looks_like_number(text)) return std::nullopt;
  if (text.starts_with("+")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<bool> parse_bool(std::string_view text) {
  if (one_of(text, {"true", "True", "TRUE"})) return true;
  if (one_of(text, {"false", "False", "FALSE"})) return false;
  return std::nullopt;
}

bool is_null(std::string_view text) { return one_of(text, {"", "~", "null", "Null", "NULL"}); }

std::string number_text(double value) {
  constexpr double exact = 1e15;  // whole numbers below this are written out
  char buffer[64];
  if (value == std::floor(value) && std::fabs(value) < exact) {
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<int64_t>(value)).ptr;
    return value == 0 && std::signbit(value) ? "-0.0" : std::string(buffer, end);
  }
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  const size_t e = text.find('e');
  if (e == std::string::npos) return text;
  std::string mantissa = text.substr(0, e), exponent = text.substr(e + 1);
  if (mantissa.find('.') == std::string::npos) mantissa += ".0";
  const bool minus = exponent[0] == '-';
  exponent.erase(0, exponent.find_first_not_of("+-0"));
  return mantissa + (minus ? "e-" : "e+") + exponent;
}

}  // namespace deeper
