/* How long googlenet_open and googlenet_create take, beside the touching of the weights' pages, which any engine pays.
   Medians of 51 runs, in milliseconds. A bench, not a test: the machine decides. Built and run by open.sh. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "googlenet.h"

enum { runs = 51, page = 4096 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static double median(double* values) {
  qsort(values, runs, sizeof(double), by_size);
  return values[runs / 2];
}

/* Maps the file and reads one byte of each page. */
static double touch(const char* path) {
  const double begin = now();
  const int file = open(path, O_RDONLY);
  const off_t size = lseek(file, 0, SEEK_END);
  const volatile char* bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) exit(1);
  char sum = 0;
  for (off_t i = 0; i < size; i += page) sum = (char)(sum + bytes[i]);
  const double end = now();
  munmap((void*)bytes, (size_t)size);
  close(file);
  return end - begin + 0 * sum;
}

static double open_create(const char* path) {
  googlenet_model* model;
  googlenet_context* context;
  const double begin = now();
  if (googlenet_open(path, &model) != 0 || googlenet_create(model, NULL, &context) != 0) exit(1);
  const double end = now();
  googlenet_destroy(context);
  googlenet_close(model);
  return end - begin;
}

int main(int argc, char** argv) {
  double pages[runs], opened[runs];
  if (argc != 2) return 2;
  touch(argv[1]);
  for (int i = 0; i < runs; i++) {
    pages[i] = touch(argv[1]);
    opened[i] = open_create(argv[1]);
  }
  const double p = median(pages), o = median(opened);
  printf("touch the weights' pages %.3f ms, open + create %.3f ms\n", p, o);
  return 0;
}
