// Signals that would end us, put off while something must be cleaned up.
#pragma once
#include <csignal>

namespace deeper {

/// While it lives, SIGINT, SIGTERM and SIGHUP only leave a mark; its end, of nested ones the outermost's, delivers the
/// one that came.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

 private:
  struct sigaction old_[3] = {};
};

/// The signal that came while a guard lives, 0 = none.
int pending_interrupt();

}  // namespace deeper
