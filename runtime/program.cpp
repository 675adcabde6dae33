#include "runtime/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "runtime/image_libraries.h"
#include "runtime/program_json.h"
#include "runtime/program_session.h"
#include "runtime/program_signals.h"

namespace rt::inline RT_ABI {
namespace {

int show_version(const Network& network, bool json) {
  ImageLibrary libraries[4];
  list_image_libraries(libraries);
  if (!json) {
    printf("%s, made by deeper %s for %s (%s, %s)\nspec %s\n", network.name, network.tool_version, network.target,
           network.dtype, network.algorithms, network.spec_hash);
    for (const ImageLibrary* each = libraries; each->name != nullptr; ++each) {
      printf("%s%s %s", each == libraries ? "pictures: " : ", ", each->name, each->version);
    }
    if (libraries[0].name != nullptr) putchar('\n');
    return exit_done;
  }
  Json out(stdout);
  out.begin_object();
  out.number("deeper", 1);
  out.text("network", network.name);
  out.text("version", network.tool_version);
  out.text("spec", network.spec_hash);
  out.text("target", network.target);
  out.text("dtype", network.dtype);
  out.text("algorithms", network.algorithms);
  out.begin_object("libraries");
  for (const ImageLibrary* each = libraries; each->name != nullptr; ++each) out.text(each->name, each->version);
  out.end_object();
  out.end_object();
  return exit_done;
}

int run_mode(Session& session) {
  switch (session.options->mode) {
    case Mode::help:
      print_help(*session.network);
      return exit_done;
    case Mode::version:
      return show_version(*session.network, session.options->json);
    case Mode::verify:
      return verify(session);
    case Mode::self_test:
      return self_test(session);
    case Mode::eval:
      return evaluate(session);
    case Mode::bench:
      return bench(session);
    case Mode::classify:
      break;
  }
  return classify_inputs(session);
}

/// Pictures come one after the other and need about the same: freed memory is kept for the next one. Getting fresh
/// pages from the system took longer than resizing (5 ms of 8 for a 512x512 PNG, on a virtual machine).
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

/// Not inlined: what comes before must not contain an instruction that this CPU may lack.
[[gnu::noinline]] int checked_program(const Network& network, int argc, char** argv) {
  keep_freed_memory();
  occupy_standard_streams();
  Options options;
  Session session;
  session.network = &network;
  session.options = &options;
  take_signals(session);
  if (!parse_options(network, argc, argv, options, session.problem)) {
    return report_problem(network, options.json, session.problem);
  }
  const int exit = run_mode(session);
  if (fflush(stdout) == 0 && ferror(stdout) == 0) return exit;
  Problem problem;
  system_problem(problem, "standard output", errno);
  say(network, "", problem.words);
  return exit == exit_done ? exit_input : exit;
}

// Names the features; nothing of the target has run yet.
int say_too_small(const Network& network, uint64_t lacking) {
  fprintf(stderr, "%s: this program is built for %s, this CPU lacks", network.name, network.target);
  const char* before = " ";
  for (const cpu::Name& name : cpu::names) {
    if (!(lacking & name.feature)) continue;
    fprintf(stderr, "%s%s", before, name.text);
    before = ", ";
  }
  fputc('\n', stderr);
  return exit_input;
}

}  // namespace

int program(const Network& network, int argc, char** argv) {
  if (const uint64_t lacking = cpu_lacks(network.cpu_features)) return say_too_small(network, lacking);
  return checked_program(network, argc, argv);
}

}  // namespace rt::inline RT_ABI
