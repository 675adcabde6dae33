// Child processes: argument vectors, never a shell; nothing of ours is left open in them; their words are kept.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace deeper {

struct Command {
  std::vector<std::string> arguments;  ///< arguments[0] is the executable's path
  std::string folder;                  ///< working directory; empty = ours
  double timeout_seconds = 900;
};

struct Finished {
  enum class Reason { exited, signalled, timed_out, interrupted, not_started };
  Reason reason = Reason::not_started;
  int code = 0;        ///< exit status, signal number or errno, as `reason` says
  double seconds = 0;  ///< wall clock
  std::string out, err;

  bool ok() const { return reason == Reason::exited && code == 0; }
  /// "ended with status 1", "was killed by signal 9", ...
  std::string how() const;
};

/// Runs all of them, `at_once` at a time and in order; after the first failure no further one is started. `done` is
/// called with the number of those that have ended. A pending interrupt (interrupt.h) ends all of them.
std::vector<Finished> run_all(std::span<const Command> commands, int at_once,
                              const std::function<void(size_t done)>& done = {});

Finished run(const Command& command);

}  // namespace deeper
