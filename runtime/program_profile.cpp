#include "runtime/program_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace rt::inline RT_ABI {
namespace {

int compare_times(const void* a, const void* b) {
  const float first = *static_cast<const float*>(a), second = *static_cast<const float*>(b);
  return (first > second) - (first < second);
}

double gflops(int64_t macs, double ms) { return ms > 0 ? 2e-6 * static_cast<double>(macs) / ms : 0; }

}  // namespace

void sort_times(float* times, int count) { qsort(times, static_cast<size_t>(count), sizeof(float), compare_times); }

bool Profile::begin(const Network& network, int runs) {
  network_ = &network;
  runs_ = runs;
  done_ = 0;
  return times_.allocate(static_cast<size_t>(network.step_count) * static_cast<size_t>(runs)) &&
         sorted_.allocate(static_cast<size_t>(runs));
}

void Profile::after_step(void* user, int step) {
  Profile& self = *static_cast<Profile*>(user);
  const double now = seconds_now();
  self.times_[static_cast<size_t>(step) * static_cast<size_t>(self.runs_) + static_cast<size_t>(self.done_)] =
      static_cast<float>(1e3 * (now - self.last_));
  self.last_ = now;
}

void Profile::run(Context& context, const float* input) {
  if (done_ == runs_) return;
  const Observer observer{after_step, this};
  last_ = seconds_now();
  rt::run(context, input, &observer);
  ++done_;
}

double Profile::median_ms(int step) {
  if (done_ == 0) return 0;
  memcpy(sorted_.data(), times_.data() + static_cast<size_t>(step) * static_cast<size_t>(runs_),
         static_cast<size_t>(done_) * sizeof(float));
  sort_times(sorted_.data(), done_);
  return static_cast<double>(sorted_[static_cast<size_t>(done_) / 2]);
}

void Profile::write(Json& out) {
  out.begin_array("steps");
  for (int s = 0; s < network_->step_count; ++s) {
    const Step& step = network_->steps[s];
    out.begin_object();
    out.begin_array("paths");
    for (const char* path = step.paths; path != nullptr;) {
      const char* plus = strchr(path, '+');
      out.text(nullptr, path, plus);
      path = plus == nullptr ? nullptr : plus + 1;
    }
    out.end_array();
    out.text("algorithm", step.algorithm);
    out.number("macs", step.macs);
    out.real("median_ms", median_ms(s));
    out.end_object();
  }
  out.end_array();
}

void Profile::print() {
  double total = 0;
  int64_t macs = 0;
  for (int s = 0; s < network_->step_count; ++s) {
    total += median_ms(s);
    macs += network_->steps[s].macs;
  }
  printf("\n%9s  %6s  %8s  %-20s  %s\n", "median ms", "share", "GFLOP/s", "algorithm", "layers");
  for (int s = 0; s < network_->step_count; ++s) {
    const Step& step = network_->steps[s];
    const double ms = median_ms(s);
    printf("%9.4f  %5.1f%%  ", ms, total > 0 ? 100 * ms / total : 0);
    if (step.macs > 0) {
      printf("%8.1f", gflops(step.macs, ms));
    } else {
      printf("%8s", "");
    }
    printf("  %-20s  %s\n", step.algorithm, step.paths);
  }
  printf("%9.4f  %5.1f%%  %8.1f  %-20s  %d steps, median of %d runs\n", total, 100.0, gflops(macs, total), "all",
         network_->step_count, done_);
}

}  // namespace rt::inline RT_ABI
