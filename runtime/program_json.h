// JSON, written as it comes: objects and arrays that the caller opens and closes.
#pragma once
#include <stdint.h>
#include <stdio.h>

#include "runtime/program_problem.h"

namespace rt::inline RT_ABI {

/// `key` null: an element of an array.
class Json {
 public:
  explicit Json(FILE* out) : out_(out) {}

  void begin_object(const char* key = nullptr) { open(key, '{'); }
  void end_object() { close(); }
  void begin_array(const char* key = nullptr) { open(key, '['); }
  void end_array() { close(); }

  void text(const char* key, const char* value) { text(key, value, nullptr); }
  /// The part of `value` up to `end`; null: all of it.
  void text(const char* key, const char* value, const char* end);
  void number(const char* key, int64_t value);
  /// With `digits` significant digits (9 keep every float apart); null where it is not finite.
  void real(const char* key, double value, int digits = 6);
  void null(const char* key);
  void boolean(const char* key, bool value);
  /// {"id":, "severity":, "message":}
  void error(const char* key, const Problem& problem);
  /// Closes what is open, begins the one object where nothing is, and leaves the problem as its last field, "errors".
  void end_with(const Problem& problem);

 private:
  void open(const char* key, char bracket);
  void close();
  void begin_value(const char* key);
  void quote(const char* text, const char* end);

  FILE* out_;
  uint64_t not_first_ = 0;  ///< one bit for each level: something stands before
  uint64_t arrays_ = 0;     ///< likewise: it is an array
  unsigned depth_ = 0;
};

}  // namespace rt::inline RT_ABI
