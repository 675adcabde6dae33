/* The system's refusals, one at a time: preloaded, it lets the n-th call of a kind fail, and counts them.
 *   FAULT=memory|files   what is counted: requests for memory; calls that open, write, sync, rename and close files
 *   FAULT_AT=n           the n-th fails, from 1; 0: none
 *   FAULT_ON=1           and all behind it
 *   FAULT_COUNT=FILE     how many there were is written there at the end
 * Counting begins with `main`; programs that it starts are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { none, memory, files };
static int kind = none, on;
static long at, calls;
static char count_file[4096];
static int (*real_main)(int, char**, char**);

static int fails(int of) {
  if (of != kind) return 0;
  const long n = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  return at > 0 && (n == at || (on && n > at));
}

static void* next(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == NULL) syscall(SYS_exit_group, 99);
  return found;
}

static void finish(void) {
  kind = none;
  if (count_file[0] == 0) return;
  char text[32];
  const int size = snprintf(text, sizeof text, "%ld", calls);
  const int file = (int)syscall(SYS_openat, AT_FDCWD, count_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  syscall(SYS_write, file, text, size);
}

static int counted_main(int argc, char** argv, char** environment) {
  const char *what = getenv("FAULT"), *number = getenv("FAULT_AT"), *count = getenv("FAULT_COUNT");
  on = getenv("FAULT_ON") != NULL;
  at = number != NULL ? atol(number) : 0;
  if (count != NULL) snprintf(count_file, sizeof count_file, "%s", count);
  unsetenv("LD_PRELOAD");
  atexit(finish);
  if (what != NULL) kind = strcmp(what, "memory") == 0 ? memory : files;
  const int status = real_main(argc, argv, environment);
  return status;
}

int __libc_start_main(int (*start)(int, char**, char**), int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*rtld)(void), void* stack) {
  real_main = start;
  int (*real)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void), void (*)(void), void*) =
      next("__libc_start_main");
  return real(counted_main, argc, argv, init, fini, rtld, stack);
}

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void*, size_t),
    *__libc_memalign(size_t, size_t);

static int no_memory(void) {
  if (!fails(memory)) return 0;
  errno = ENOMEM;
  return 1;
}

void* malloc(size_t size) { return no_memory() ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) { return no_memory() ? NULL : __libc_calloc(count, size); }
void* realloc(void* old, size_t size) { return no_memory() ? NULL : __libc_realloc(old, size); }
void* memalign(size_t to, size_t size) { return no_memory() ? NULL : __libc_memalign(to, size); }
void* aligned_alloc(size_t to, size_t size) { return no_memory() ? NULL : __libc_memalign(to, size); }
int posix_memalign(void** out, size_t to, size_t size) {
  if (no_memory()) return ENOMEM;
  *out = __libc_memalign(to, size);
  return *out == NULL ? ENOMEM : 0;
}
void* mmap(void* where, size_t size, int protection, int flags, int file, off_t offset) {
  if (no_memory()) return MAP_FAILED;
  return (void*)syscall(SYS_mmap, where, size, protection, flags, file, offset);
}

#define REAL(name) \
  static __typeof__(name)* real; \
  if (real == NULL) real = next(#name)
#define FAIL(result, error)  \
  do {                       \
    if (fails(files)) {      \
      errno = error;         \
      return result;         \
    }                        \
  } while (0)

static int opened(const char* path, int flags, va_list more) {
  const int mode = (flags & O_CREAT) != 0 ? va_arg(more, int) : 0;
  if (fails(files)) {
    errno = (flags & O_CREAT) != 0 ? ENOSPC : EIO;
    return -1;
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int file = opened(path, flags, more);
  va_end(more);
  return file;
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int file = opened(path, flags, more);
  va_end(more);
  return file;
}
FILE* fopen(const char* path, const char* how) {
  REAL(fopen);
  FAIL(NULL, ENOSPC);
  return real(path, how);
}
ssize_t write(int file, const void* bytes, size_t size) {
  FAIL(-1, ENOSPC);
  return syscall(SYS_write, file, bytes, size);
}
size_t fwrite(const void* bytes, size_t size, size_t count, FILE* file) {
  REAL(fwrite);
  FAIL(0, ENOSPC);
  return real(bytes, size, count, file);
}
int fflush(FILE* file) {
  REAL(fflush);
  FAIL(EOF, ENOSPC);
  return real(file);
}
int fclose(FILE* file) {
  REAL(fclose);
  const int failed = fails(files), result = real(file);
  if (!failed) return result;
  errno = EIO;
  return EOF;
}
int close(int file) {
  const int failed = fails(files), result = (int)syscall(SYS_close, file);
  if (!failed) return result;
  errno = EIO;
  return -1;
}
int fsync(int file) {
  FAIL(-1, EIO);
  return (int)syscall(SYS_fsync, file);
}
int rename(const char* from, const char* to) {
  FAIL(-1, EIO);
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat2(int folder, const char* from, int other, const char* to, unsigned flags) {
  FAIL(-1, EIO);
  return (int)syscall(SYS_renameat2, folder, from, other, to, flags);
}
int mkdir(const char* path, mode_t mode) {
  FAIL(-1, ENOSPC);
  return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
