#include "codegen/compile/interrupt.h"

namespace deeper {
namespace {

constexpr int signals[3] = {SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t caught = 0;  // a signal handler can reach nothing but a global
int guards = 0;                         // that live; the first to come is the last to go

void remember(int signal) { caught = signal; }

}  // namespace

InterruptGuard::InterruptGuard() {
  if (guards++ > 0) return;
  caught = 0;
  struct sigaction action = {};
  action.sa_handler = remember;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 3; ++i) {
    sigaction(signals[i], nullptr, &old_[i]);
    if (old_[i].sa_handler != SIG_IGN) sigaction(signals[i], &action, nullptr);  // nohup stays in force
  }
}

InterruptGuard::~InterruptGuard() {
  if (--guards > 0) return;
  for (int i = 0; i < 3; ++i) sigaction(signals[i], &old_[i], nullptr);
  const int signal = caught;
  caught = 0;
  if (signal != 0) raise(signal);
}

int pending_interrupt() { return caught; }

}  // namespace deeper
