// How fast the network is here, next to what this core can do at best at the same time.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "runtime/peak.h"
#include "runtime/program_json.h"
#include "runtime/program_profile.h"
#include "runtime/program_progress.h"
#include "runtime/program_session.h"

namespace rt::inline RT_ABI {
namespace {

constexpr int peak_milliseconds = 50;
constexpr double warm_up_seconds = 0.3;

struct Figures {
  double median_ms, min_ms, p99_ms, peak_rss_mb, peak_gflops;
};

/// Most resident memory so far, in millions of bytes. Not getrusage: its figure counts what ran before exec.
double peak_rss_mb() {
  FILE* status = fopen("/proc/self/status", "re");
  if (status == nullptr) return 0;
  char line[256];
  long kilobytes = 0;
  while (fgets(line, sizeof line, status) != nullptr) {
    if (strncmp(line, "VmHWM:", 6) == 0) kilobytes = strtol(line + 6, nullptr, 10);
  }
  fclose(status);
  return static_cast<double>(kilobytes) * 1024e-6;
}

/// Numbers between -1 and 1, the same on every machine.
void make_input(Buffer<float>& input) {
  uint32_t state = 1;
  for (size_t i = 0; i < input.size(); ++i) {
    state = state * 1664525u + 1013904223u;
    input[i] = static_cast<float>(static_cast<int32_t>(state >> 8) - (1 << 23)) / static_cast<float>(1 << 23);
  }
}

/// Plain runs, and between them those that are measured step by step: whatever else the machine does hits both alike.
void measure(Session& session, const Buffer<float>& input, Buffer<float>& times, Profile* profile) {
  const double warm = seconds_now() + warm_up_seconds;
  do {
    run(*session.context, input.data());
  } while (seconds_now() < warm && times.size() > 1);
  ProgressBar bar(times.size(), "runs");
  for (size_t i = 0; i < times.size(); ++i) {
    bar.show(i);
    const double begin = seconds_now();
    run(*session.context, input.data());
    times[i] = static_cast<float>(1e3 * (seconds_now() - begin));
    if (profile != nullptr) profile->run(*session.context, input.data());
  }
}

Figures summarize(Buffer<float>& times, double peak_gflops) {
  sort_times(times.data(), static_cast<int>(times.size()));
  const size_t count = times.size(), late = (count * 99 + 99) / 100 - 1;
  return {static_cast<double>(times[count / 2]), static_cast<double>(times[0]), static_cast<double>(times[late]),
          peak_rss_mb(), peak_gflops};
}

void print(const Session& session, const Figures& figures, Profile* profile) {
  const Network& network = *session.network;
  int64_t macs = 0;
  for (int s = 0; s < network.step_count; ++s) macs += network.steps[s].macs;
  const double speed = 2e-6 * static_cast<double>(macs) / figures.median_ms;
  printf("%s, %s, %s, %d thread%s: median %.3f ms, min %.3f ms, 99 %% within %.3f ms\n", network.name, network.target,
         network.dtype, session.options->threads, session.options->threads == 1 ? "" : "s", figures.median_ms,
         figures.min_ms, figures.p99_ms);
  printf("%.1f GFLOP/s, one core's peak %.1f; load %.2f ms, at most %.1f MB resident\n", speed, figures.peak_gflops,
         session.load_ms, figures.peak_rss_mb);
  if (profile != nullptr) profile->print();
}

void write(const Session& session, const Figures& figures, Profile* profile) {
  const Network& network = *session.network;
  Json out(stdout);
  out.begin_object();
  out.number("deeper", 1);
  out.text("network", network.name);
  out.text("target", network.target);
  out.text("dtype", network.dtype);
  out.number("threads", session.options->threads);
  out.number("batch", 1);
  out.real("median_ms", figures.median_ms);
  out.real("min_ms", figures.min_ms);
  out.real("p99_ms", figures.p99_ms);
  out.real("peak_rss_mb", figures.peak_rss_mb);
  out.real("load_ms", session.load_ms);
  out.real("peak_gflops", figures.peak_gflops);
  if (profile != nullptr) profile->write(out);
  out.end_object();
}

}  // namespace

int bench(Session& session) {
  const Options& options = *session.options;
  Buffer<float> input, times;
  Profile steps;
  Profile* profile = options.profile ? &steps : nullptr;
  bool fine = open_session(session);
  if (fine &&
      (!input.allocate(input_floats(*session.network)) || !times.allocate(static_cast<size_t>(options.bench_runs)) ||
       (profile != nullptr && !steps.begin(*session.network, options.bench_runs)))) {
    fine = set_problem(session.problem, exit_input, "out-of-memory", "out of memory");
  }
  if (!fine) return report_problem(*session.network, options.json, session.problem);
  make_input(input);
  const double before = fma_peak_gflops(peak_milliseconds);
  measure(session, input, times, profile);
  const double after = fma_peak_gflops(peak_milliseconds);
  if (!weights_intact(session)) return report_problem(*session.network, options.json, session.problem);
  const Figures figures = summarize(times, before > after ? before : after);
  if (options.json) {
    write(session, figures, profile);
  } else {
    print(session, figures, profile);
  }
  return exit_done;
}

}  // namespace rt::inline RT_ABI
