#include "runtime/program_problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/program_json.h"
#include "runtime/text.h"

namespace rt::inline RT_ABI {
namespace {

void fill(Problem& problem, int exit, const char* id, const char* format, va_list arguments) {
  problem.exit = exit;
  problem.id = id;
  vsnprintf(problem.words, sizeof problem.words, format, arguments);
}

/// Writes what can be shown of [at, end), which fits; the number of bytes.
size_t make_shown(const char* at, const char* end, char* to) {
  char* const begin = to;
  while (at < end) {
    const int bytes = character_bytes(at, end), shown = shown_bytes(at, end);
    for (int i = 0; i < shown; ++i) *to++ = at[i];
    if (shown == 0) *to++ = '?';
    at += bytes == 0 ? 1 : bytes;
  }
  return static_cast<size_t>(to - begin);
}

}  // namespace

void print_shown(const char* text, const char* end) {
  if (end == nullptr) end = text + strlen(text);
  char shown[512];
  while (text < end) {
    size_t part = static_cast<size_t>(end - text) < sizeof shown ? static_cast<size_t>(end - text) : sizeof shown;
    constexpr size_t longest = 4;  // no character is torn apart
    if (text + part < end) part -= longest;
    const char* stop = text;
    while (static_cast<size_t>(stop - text) < part) {
      const int bytes = character_bytes(stop, end);
      stop += bytes == 0 ? 1 : bytes;
    }
    fwrite(shown, 1, make_shown(text, stop, shown), stdout);
    text = stop;
  }
}

bool set_problem(Problem& problem, int exit, const char* id, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fill(problem, exit, id, format, arguments);
  va_end(arguments);
  return false;
}

bool usage_problem(Problem& problem, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fill(problem, exit_usage, "usage", format, arguments);
  va_end(arguments);
  return false;
}

bool set_problem(Problem& problem, Status status, const char* file, const char* words) {
  return set_problem(problem, exit_input, status_id(status), "%s: %s", file, words);
}

bool system_problem(Problem& problem, const char* file, int error) {
  return set_problem(problem, exit_input, "file", "%s: %s", file, strerror(error));
}

const char* status_id(Status status) {
  switch (status) {
    case status_out_of_memory:
      return "out-of-memory";
    case status_cannot_read_weights:
      return "weights-unreadable";
    case status_not_weights:
      return "weights-format";
    case status_other_version:
      return "weights-version";
    case status_damaged_weights:
      return "weights-damaged";
    case status_other_network:
      return "weights-other-network";
    case status_other_target:
      return "weights-other-target";
    case status_no_weights:
      return "weights-missing";
    case status_cpu_too_small:
      return "cpu-too-small";
    case status_unknown_image_format:
      return "image-format";
    case status_damaged_image:
      return "image-damaged";
    case status_image_too_large:
      return "image-too-large";
    case status_unsupported_image:
      return "image-unsupported";
    case status_no_preprocessing:
      return "no-preprocessing";
    case status_not_finite:
      return "not-finite";
    default:
      return "environment";
  }
}

void say(const Network& network, const char* kind, const char* words) {
  char line[1200];
  char shown[sizeof line + 1];
  snprintf(line, sizeof line, "%s: %s%s", network.name, kind, words);
  const size_t length = make_shown(line, line + strlen(line), shown);
  shown[length] = '\n';
  fwrite(shown, 1, length + 1, stderr);
}

int report_problem(const Network& network, bool json, const Problem& problem) {
  if (!json) {
    say(network, "", problem.words);
    if (problem.exit == exit_usage) fprintf(stderr, "%s --help shows what can be asked for\n", network.name);
    return problem.exit;
  }
  Json(stdout).end_with(problem);
  return problem.exit;
}

}  // namespace rt::inline RT_ABI
