// Text from strangers: UTF-8, what may be shown on a terminal, and lists of lines.
#pragma once
#include <stddef.h>
#include <string.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// Bytes of the UTF-8 character at `at`, which is not the end; 0 when it is none (also what only looks like one: longer
/// than needed, surrogates).
inline int character_bytes(const char* at, const char* end) {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  const unsigned first = byte(0);
  const int count = first < 0x80                    ? 1
                    : first >= 0xc2 && first < 0xe0 ? 2
                    : first >= 0xe0 && first < 0xf0 ? 3
                    : first >= 0xf0 && first < 0xf5 ? 4
                                                    : 0;
  if (count == 0 || end - at < count) return 0;
  for (int i = 1; i < count; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return count;
}

/// The code point of the `bytes` long UTF-8 character at `at`.
inline unsigned code_point(const char* at, int bytes) {
  const unsigned first = static_cast<unsigned char>(at[0]);
  if (bytes == 1) return first;
  unsigned point = first & (0x7fu >> bytes);
  for (int i = 1; i < bytes; ++i) point = point << 6 | (static_cast<unsigned char>(at[i]) & 0x3f);
  return point;
}

/// What steers a terminal or the order of what stands beside it instead of being shown: the control characters C0, DEL
/// and C1, the separators of lines and paragraphs, and those that embed, override or isolate a direction.
constexpr bool is_control(unsigned point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

/// Bytes of the character at `at` when it can be shown as it is; else 0.
inline int shown_bytes(const char* at, const char* end) {
  const int bytes = character_bytes(at, end);
  return bytes == 0 || is_control(code_point(at, bytes)) ? 0 : bytes;
}

/// What keeps a text from being a list of lines, and where: from 1, columns in characters.
struct TextFault {
  const char* words = nullptr;  ///< null: nothing does
  const char* cure = nullptr;
  size_t line = 1, column = 1;
};

/// Lines end in a line feed or a carriage return with one; the last one may do without. A byte order mark at the begin
/// is skipped. `shown`: the lines will be shown as they are, so they have to be UTF-8 without control characters; else
/// they are names of files, which may hold any byte but 0.
class TextLines {
 public:
  TextLines(const char* text, size_t size, bool shown) : at_(text), end_(text + size), shown_(shown) {
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) at_ += 3;
    const bool two_byte_mark = size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);
    const auto zero = [text](int i) { return text[i] == 0; };
    const bool every_other_zero = size >= 4 && zero(0) != zero(1) && zero(0) == zero(2) && zero(1) == zero(3);
    if (two_byte_mark || every_other_zero) {
      fault_ = {"this is UTF-16 or UTF-32 text", "save the list as UTF-8", 1, 1};
    }
  }

  /// The next line without its end; false after the last one, and at the first fault.
  bool next(const char*& begin, const char*& end) {
    if (at_ == end_ || fault_.words != nullptr) return false;
    const auto* feed = static_cast<const char*>(memchr(at_, '\n', static_cast<size_t>(end_ - at_)));
    begin = at_;
    end = feed == nullptr ? end_ : feed;
    at_ = feed == nullptr ? end_ : feed + 1;
    if (end > begin && end[-1] == '\r') --end;
    ++number_;
    return check(begin, end);
  }
  /// Of the line that `next` gave last, from 1.
  size_t number() const { return number_; }
  const TextFault& fault() const { return fault_; }

 private:
  bool check(const char* begin, const char* end) {
    size_t column = 1;
    for (const char* at = begin; at < end; ++column) {
      const int bytes = character_bytes(at, end);
      if (*at == 0)
        return fail("a byte 0", "paths and names are text, one a line (`find -print`, not `-print0`)", column);
      if (shown_ && bytes == 0) return fail("a byte that is no UTF-8 text", "save the list as UTF-8", column);
      if (shown_ && is_control(code_point(at, bytes))) {
        return fail(*at == '\t' ? "a tab" : "a control character", "names hold only what can be shown: remove it",
                    column);
      }
      at += bytes == 0 ? 1 : bytes;
    }
    return true;
  }
  bool fail(const char* words, const char* cure, size_t column) {
    fault_ = {words, cure, number_, column};
    return false;
  }

  const char *at_, *end_;
  bool shown_;
  size_t number_ = 0;
  TextFault fault_;
};

}  // namespace rt::inline RT_ABI
