#include "runtime/program_problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/program_json.h"

namespace rt::inline RT_ABI {
namespace {

void fill(Problem& problem, int exit, const char* id, const char* format, va_list arguments) {
  problem.exit = exit;
  problem.id = id;
  vsnprintf(problem.words, sizeof problem.words, format, arguments);
}

}  // namespace

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
    default:
      return "environment";
  }
}

void say(const Network& network, const char* kind, const char* words) {
  char line[1200];
  snprintf(line, sizeof line, "%s: %s%s", network.name, kind, words);
  for (char* at = line; *at != 0; ++at) {
    if (static_cast<unsigned char>(*at) < 0x20 || *at == 0x7f) *at = '?';  // names of files can hold anything
  }
  fprintf(stderr, "%s\n", line);
}

int report_problem(const Network& network, bool json, const Problem& problem) {
  if (!json) {
    say(network, "", problem.words);
    if (problem.exit == exit_usage) fprintf(stderr, "%s --help shows what can be asked for\n", network.name);
    return problem.exit;
  }
  Json out(stdout);
  out.begin_object();
  out.number("deeper", 1);
  out.begin_array("errors");
  out.error(nullptr, problem);
  out.end_array();
  out.end_object();
  return problem.exit;
}

}  // namespace rt::inline RT_ABI
