// runtime_level_run TARGET PROGRAM...: runs the program where the CPU has what the target needs, else says so and exits
// with 77.
#include <stdio.h>
#include <unistd.h>

#include "runtime/cpu.h"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  if (!rt::cpu_supports(argv[1])) {
    printf("SKIPPED: this CPU lacks %s\n", argv[1]);
    return 77;
  }
  execvp(argv[2], argv + 2);
  perror(argv[2]);
  return 1;
}
