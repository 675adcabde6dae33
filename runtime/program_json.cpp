#include "runtime/program_json.h"

#include <math.h>
#include <string.h>

#include "runtime/text.h"

namespace rt::inline RT_ABI {
void Json::begin_value(const char* key) {
  if (depth_ > 0 && (not_first_ >> depth_ & 1) != 0) fputs(", ", out_);
  not_first_ |= uint64_t{1} << depth_;
  if (key == nullptr) return;
  quote(key, key + strlen(key));
  fputs(": ", out_);
}

void Json::open(const char* key, char bracket) {
  begin_value(key);
  fputc(bracket, out_);
  ++depth_;
  const uint64_t level = uint64_t{1} << depth_;
  not_first_ &= ~level;
  arrays_ = bracket == '[' ? arrays_ | level : arrays_ & ~level;
}

void Json::close() {
  if (depth_ == 0) return;
  fputc((arrays_ >> depth_ & 1) != 0 ? ']' : '}', out_);
  if (--depth_ == 0) fputc('\n', out_);
}

/// What is no UTF-8 becomes U+FFFD, since names of files can hold anything; what steers a terminal is escaped.
void Json::quote(const char* at, const char* end) {
  fputc('"', out_);
  while (at < end) {
    const int bytes = character_bytes(at, end);
    const unsigned char first = static_cast<unsigned char>(*at);
    if (bytes == 0) {
      fputs("\\ufffd", out_);
      ++at;
      continue;
    }
    if (first == '"' || first == '\\') {
      fprintf(out_, "\\%c", first);
    } else if (shown_bytes(at, end) == 0) {
      fprintf(out_, "\\u%04x", code_point(at, bytes));
    } else {
      fwrite(at, 1, static_cast<size_t>(bytes), out_);
    }
    at += bytes;
  }
  fputc('"', out_);
}

void Json::text(const char* key, const char* value, const char* end) {
  begin_value(key);
  quote(value, end == nullptr ? value + strlen(value) : end);
}

void Json::number(const char* key, int64_t value) {
  begin_value(key);
  fprintf(out_, "%lld", static_cast<long long>(value));
}

void Json::real(const char* key, double value, int digits) {
  begin_value(key);
  if (isfinite(value)) {
    fprintf(out_, "%.*g", digits, value);
  } else {
    fputs("null", out_);
  }
}

void Json::null(const char* key) {
  begin_value(key);
  fputs("null", out_);
}

void Json::boolean(const char* key, bool value) {
  begin_value(key);
  fputs(value ? "true" : "false", out_);
}

void Json::error(const char* key, const Problem& problem) {
  begin_object(key);
  text("id", problem.id);
  text("severity", "error");
  text("message", problem.words);
  end_object();
}

void Json::end_with(const Problem& problem) {
  if (depth_ == 0) {
    begin_object();
    number("deeper", 1);
  }
  while (depth_ > 1) close();
  begin_array("errors");
  error(nullptr, problem);
  end_array();
  end_object();
}

}  // namespace rt::inline RT_ABI
