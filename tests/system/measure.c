/* Runs a command and writes what it took to the file descriptor 3: peak resident kilobytes, milliseconds of processor
   time. A small process of its own, because a child inherits the peak of the process that starts it. usage: measure
   COMMAND... 3> RESULT */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double milliseconds(struct timeval time) { return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3; }

int main(int argc, char** argv) {
  struct rusage usage;
  int status = 0;
  if (argc < 2) return 2;
  const pid_t child = fork();
  if (child == 0) {
    close(3);
    execv(argv[1], argv + 1);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 3;
  dprintf(3, "%ld %.3f\n", usage.ru_maxrss, milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
