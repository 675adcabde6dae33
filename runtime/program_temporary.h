// Files under temporary names: gone when a signal ends the program.
#pragma once
#include <signal.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// Those that end the program unless it handles them.
inline constexpr int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU};
sigset_t all_ending_signals();

/// A file that does not stay when the program ends before `forget_temporary`. `path` stays where it is until then. No
/// signal comes in between when the caller holds a SignalPause from before the file is made.
bool remember_temporary(const char* path);
void forget_temporary(const char* path);
/// Removes them all; a signal handler may do so.
void remove_temporaries();

/// Signals wait.
class SignalPause {
 public:
  SignalPause();
  SignalPause(const SignalPause&) = delete;
  SignalPause& operator=(const SignalPause&) = delete;
  ~SignalPause();

 private:
  sigset_t before_;
};

}  // namespace rt::inline RT_ABI
