// runtime_level_run FEATURE PROGRAM...: runs the program where the CPU has the feature (or level, as the table of
// codegen/schedule/cpu_features.h has it) and all that it implies, else says what is missing and exits with 77.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <iterator>

#include "codegen/schedule/cpu_features.h"
#include "runtime/cpu.h"

namespace {

// No bit at all for a name that the runtime does not know: such a feature is never there.
uint64_t bit_of(std::string_view feature) {
  for (const rt::cpu::Name& name : rt::cpu::names)
    if (feature == name.text) return name.feature;
  return 1ull << 63;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string_view wanted[] = {argv[1]};
  for (const deeper::CpuFeature* feature : deeper::with_implied(wanted)) {
    if (!rt::cpu_lacks(bit_of(feature->name))) continue;
    printf("SKIPPED: this CPU lacks %.*s\n", int(feature->name.size()), feature->name.data());
    return 77;
  }
  execvp(argv[2], argv + 2);
  perror(argv[2]);
  return 1;
}
