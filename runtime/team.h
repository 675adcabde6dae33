// The threads of one context. Every step of the network is split over them in the same way every time; a barrier
// follows each step. Waiting spins for 50 microseconds, then sleeps, and never spins where there are more threads than
// CPUs.
#pragma once
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/float_mode.h"
#include "runtime/network.h"

namespace rt::inline RT_ABI {

/// Called on the calling thread after each step, when all threads have done their part and none has begun the next.
struct Observer {
  void (*after_step)(void* user, int step);
  void* user;
};

/// The part of `units` that belongs to thread `index` of `threads`.
inline Task share_of(int units, int index, int threads) {
  return {static_cast<int>(int64_t{units} * index / threads), static_cast<int>(int64_t{units} * (index + 1) / threads)};
}

inline void relax_cpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// A number that threads wait to see changed. One cache line: waiting threads read nothing else.
struct alignas(64) Signal {
  int value;
  int sleepers;

  int read() const { return __atomic_load_n(&value, __ATOMIC_ACQUIRE); }

  /// A sleeper announces itself before the kernel compares `value`, we look for sleepers after changing it: with one
  /// order of all four accesses (SEQ_CST) either it sees the change or we see it.
  void advance() {
    __atomic_add_fetch(&value, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&sleepers, __ATOMIC_SEQ_CST) > 0)
      syscall(SYS_futex, &value, FUTEX_WAKE_PRIVATE, INT32_MAX, nullptr);
  }

  void wait_while(int old, bool spin) {
    if (spin && spin_while(old)) return;
    __atomic_add_fetch(&sleepers, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&value, __ATOMIC_SEQ_CST) == old)
      syscall(SYS_futex, &value, FUTEX_WAIT_PRIVATE, old, nullptr);
    __atomic_sub_fetch(&sleepers, 1, __ATOMIC_SEQ_CST);
  }

 private:
  /// False when the value is still `old` after 50 microseconds.
  bool spin_while(int old) const {
    constexpr int64_t limit_ns = 50000;
    timespec begin{}, now{};
    for (int round = 0;; ++round) {
      for (int i = 0; i < 64; ++i) {
        if (read() != old) return true;
        relax_cpu();
      }
      clock_gettime(CLOCK_MONOTONIC, &now);
      if (round == 0) begin = now;
      if ((now.tv_sec - begin.tv_sec) * int64_t{1000000000} + now.tv_nsec - begin.tv_nsec > limit_ns) return false;
    }
  }
};

/// Zero-initialised memory is a team of nobody.
class Team {
 public:
  /// Makes threads - 1 workers, threads >= 2. False when the system refuses; then there is nothing to stop.
  bool start(int threads) {
    workers_ = static_cast<Worker*>(calloc(static_cast<size_t>(threads - 1), sizeof(Worker)));
    if (!workers_) return false;
    threads_ = threads;
    spin_ = threads <= usable_cpus();
    sigset_t all, before;
    sigfillset(&all);  // signals are the caller's business, not the workers'; but what a worker does wrong is its own
    const int faults[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    for (const int fault : faults) sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started_ = 0;
    for (bool created = true; created && started_ < threads - 1; started_ += created) {
      Worker& worker = workers_[started_];
      worker.team = this;
      worker.index = started_ + 1;
      created = pthread_create(&worker.thread, nullptr, work, &worker) == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (started_ == threads - 1) return true;
    stop();
    return false;
  }

  void stop() {
    if (!workers_) return;
    stopping_ = true;
    jobs_.advance();
    for (int i = 0; i < started_; ++i) pthread_join(workers_[i].thread, nullptr);
    free(workers_);
    workers_ = nullptr;
  }

  /// All steps, on all threads; returns when everything is done. `observer` may be null.
  void run(const Network& network, const Memory& memory, const Observer* observer) {
    job_ = {&network, memory, observer};
    jobs_.advance();
    run_share(0);
  }

 private:
  struct Job {
    const Network* network;
    Memory memory;
    const Observer* observer;
  };
  struct Worker {
    Team* team;
    int index;
    pthread_t thread;
  };

  static int usable_cpus() {
    cpu_set_t cpus;
    return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
  }

  static void* work(void* argument) {
    const FloatMode mode;  // a thread is born with its maker's
    auto* worker = static_cast<Worker*>(argument);
    Team& team = *worker->team;
    for (int seen = 0;; ++seen) {
      team.jobs_.wait_while(seen, team.spin_);
      if (team.stopping_) return nullptr;
      team.run_share(worker->index);
    }
  }

  void run_share(int index) {
    const Job job = job_;
    for (int s = 0; s < job.network->step_count; ++s) {
      const Step& step = job.network->steps[s];
      const Task task = share_of(step.units, index, threads_);
      if (task.begin < task.end) run_step(step, task, job.memory);
      barrier();
      if (job.observer) {
        if (index == 0) job.observer->after_step(job.observer->user, s);
        barrier();
      }
    }
  }

  void barrier() {
    const int phase = phase_.read();
    if (__atomic_add_fetch(&arrived_, 1, __ATOMIC_ACQ_REL) == threads_) {
      __atomic_store_n(&arrived_, 0, __ATOMIC_RELAXED);
      phase_.advance();
    } else {
      phase_.wait_while(phase, spin_);
    }
  }

  Signal jobs_;   ///< counts runs
  Signal phase_;  ///< counts barriers
  alignas(64) int arrived_;
  alignas(64) Job job_;
  Worker* workers_;
  int threads_, started_;
  bool spin_, stopping_;
};

}  // namespace rt::inline RT_ABI
