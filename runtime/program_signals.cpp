#include "runtime/program_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/program_json.h"
#include "runtime/program_temporary.h"

namespace rt::inline RT_ABI {
namespace {

Session* guarded;

/// The default action follows: it was restored when the handler began, and the signal waits until it ends.
void end_by_signal(int number) {
  const int error = errno;
  remove_temporaries();
  raise(number);
  errno = error;
}

/// Weights are read by `open`, by hashing and by the network only, never while the C library holds a lock: so this may
/// print, unlike other handlers.
void end_by_lost_page(int number, siginfo_t* info, void*) {
  static int first = 1;
  while (__atomic_exchange_n(&first, 0, __ATOMIC_SEQ_CST) == 0) pause();  // another thread is at it
  if (info->si_code != BUS_ADRERR || guarded->weights_file < 0) {
    signal(number, SIG_DFL);
    return end_by_signal(number);
  }
  weights_changed(*guarded);
  if (guarded->options->json) {
    Json fresh(stdout);
    (guarded->json != nullptr ? *guarded->json : fresh).end_with(guarded->problem);
  } else {
    fflush(stdout);
    say(*guarded->network, "", guarded->problem.words);
  }
  fflush(stdout);
  remove_temporaries();
  _exit(exit_input);
}

}  // namespace

void take_signals(Session& session) {
  guarded = &session;
  signal(SIGXFSZ, SIG_IGN);
  struct sigaction action{};
  action.sa_handler = end_by_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  action.sa_mask = all_ending_signals();
  for (const int number : ending_signals) {
    struct sigaction before{};
    sigaction(number, nullptr, &before);
    if (before.sa_handler == SIG_DFL) sigaction(number, &action, nullptr);  // nohup's choice stays
  }
  action.sa_sigaction = end_by_lost_page;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);
}

void occupy_standard_streams() {
  for (int file = STDIN_FILENO; file <= STDERR_FILENO; ++file) {
    if (fcntl(file, F_GETFD) < 0) (void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace rt::inline RT_ABI
