#include "runtime/program_temporary.h"

#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include "runtime/program_options.h"

namespace rt::inline RT_ABI {
namespace {

constexpr size_t most_temporaries = most_dumps + 1;  // and --layers

const char* temporaries[most_temporaries];  // read by handlers: each is set and cleared in one store

}  // namespace

sigset_t all_ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : ending_signals) sigaddset(&set, number);
  return set;
}

void remove_temporaries() {
  for (const char*& each : temporaries) {
    if (const char* path = __atomic_load_n(&each, __ATOMIC_SEQ_CST)) unlink(path);
  }
}

bool remember_temporary(const char* path) {
  for (const char*& each : temporaries) {
    if (each != nullptr) continue;
    __atomic_store_n(&each, path, __ATOMIC_SEQ_CST);
    return true;
  }
  return false;
}

void forget_temporary(const char* path) {
  for (const char*& each : temporaries) {
    if (each == path) __atomic_store_n(&each, nullptr, __ATOMIC_SEQ_CST);
  }
}

SignalPause::SignalPause() {
  const sigset_t set = all_ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

SignalPause::~SignalPause() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace rt::inline RT_ABI
