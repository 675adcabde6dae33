/* For LD_PRELOAD: another file comes to SWAP_PATH the SWAP_NTH time that the process opens, reads or closes the one there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
static int watched = -1, count = 0;
static void step(const char* what) {
  if (strcmp(what, getenv("SWAP_WHEN")) != 0 || ++count != atoi(getenv("SWAP_NTH"))) return;
  rename(getenv("SWAP_BY"), getenv("SWAP_PATH"));
}
static int open_watched(const char* name, const char* path, int flags, int mode) {
  const int ours = strcmp(path, getenv("SWAP_PATH")) == 0;
  if (ours) step("open");
  int (*real)(const char*, int, ...) = (int (*)(const char*, int, ...))dlsym(RTLD_NEXT, name);
  const int file = real(path, flags, mode);
  if (ours) watched = file;
  return file;
}
int open(const char* path, int flags, ...) {
  va_list list; va_start(list, flags); int mode = va_arg(list, int); va_end(list);
  return open_watched("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list list; va_start(list, flags); int mode = va_arg(list, int); va_end(list);
  return open_watched("open64", path, flags, mode);
}
FILE* fopen64(const char* path, const char* mode) {
  const int ours = strcmp(path, getenv("SWAP_PATH")) == 0;
  if (ours) step("open");
  FILE* (*real)(const char*, const char*) = (FILE * (*)(const char*, const char*)) dlsym(RTLD_NEXT, "fopen64");
  FILE* file = real(path, mode);
  if (ours && file != NULL) watched = fileno(file);
  return file;
}
FILE* fopen(const char* path, const char* mode) { return fopen64(path, mode); }
ssize_t read(int file, void* to, size_t bytes) {
  if (file == watched) step("read");
  ssize_t (*real)(int, void*, size_t) = (ssize_t (*)(int, void*, size_t))dlsym(RTLD_NEXT, "read");
  return real(file, to, bytes);
}
int close(int file) {
  if (file == watched && file >= 0) {
    watched = -1;
    step("close");
  }
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "close");
  return real(file);
}
