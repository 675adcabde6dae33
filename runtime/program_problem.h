// What the program tells its user when something is wrong.
#pragma once
#include "runtime/network.h"
#include "runtime/status.h"

namespace rt::inline RT_ABI {

enum Exit { exit_done = 0, exit_input = 1, exit_usage = 2, exit_ours = 3, exit_check = 4 };

/// One mistake: `id` for programs, `words` for people.
struct Problem {
  int exit = exit_done;
  const char* id = "";
  char words[900] = "";
};

/// Fills in the problem and returns false.
[[gnu::format(printf, 4, 5)]] bool set_problem(Problem& problem, int exit, const char* id, const char* format, ...);
/// The same for a status of the C interface or of decoding, with `words` after the file's name.
bool set_problem(Problem& problem, Status status, const char* file, const char* words);
/// "usage" with exit status 2.
[[gnu::format(printf, 2, 3)]] bool usage_problem(Problem& problem, const char* format, ...);
/// An error of the operating system about a file: "FILE: No such file or directory".
bool system_problem(Problem& problem, const char* file, int error);

/// "image-damaged" and the like: stable names.
const char* status_id(Status status);

/// Text of strangers (names of files, labels) for people: what is no UTF-8 or steers a terminal becomes `?`. `end`
/// null: up to its zero.
void print_shown(const char* text, const char* end = nullptr);
/// "NAME: words" on standard error, in one line, shown likewise.
void say(const Network& network, const char* kind, const char* words);
/// The problem on standard error, or with --json as the one object on standard output. Returns its exit status.
int report_problem(const Network& network, bool json, const Problem& problem);

}  // namespace rt::inline RT_ABI
