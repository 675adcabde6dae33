#include "runtime/program_json.h"

#include <math.h>
#include <string.h>

namespace rt::inline RT_ABI {
namespace {

/// Bytes of the UTF-8 character at `at`; 0 when it is none (also what only looks like one: too long, surrogates).
int character_bytes(const char* at, const char* end) {
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

}  // namespace

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
  not_first_ &= ~(uint64_t{1} << depth_);
}

void Json::close(char bracket) {
  fputc(bracket, out_);
  if (--depth_ == 0) fputc('\n', out_);
}

/// What is no UTF-8 becomes U+FFFD: names of files can hold anything.
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
    } else if (first < 0x20 || first == 0x7f) {
      fprintf(out_, "\\u%04x", first);
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

}  // namespace rt::inline RT_ABI
