/* Two networks in one program, each used by a thread of its own at the same time, with threads of their own, a pool of
   the caller's, and arenas in the caller's memory. Every run must give the bits of the first, which are written for a
   comparison with each network alone; malloc and its kind must not be called while they run.
   usage: two_networks FASHION.weights INCEPTION_REDUCED.weights FASHION.out INCEPTION_REDUCED.out */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fashion.h"
#include "inception_reduced.h"

enum { rounds = 20, fashion_inputs = FASHION_INPUT_HEIGHT * FASHION_INPUT_WIDTH * FASHION_INPUT_CHANNELS };
enum {
  reduced_inputs = INCEPTION_REDUCED_INPUT_HEIGHT * INCEPTION_REDUCED_INPUT_WIDTH * INCEPTION_REDUCED_INPUT_CHANNELS
};
enum {
  reduced_outputs =
      INCEPTION_REDUCED_HEAD_MAIN_HEIGHT * INCEPTION_REDUCED_HEAD_MAIN_WIDTH * INCEPTION_REDUCED_HEAD_MAIN_CHANNELS
};

static _Alignas(64) unsigned char fashion_arena[FASHION_ARENA_BYTES(1)];
static _Alignas(64) unsigned char reduced_arena[INCEPTION_REDUCED_ARENA_BYTES(3)];
static float fashion_input[fashion_inputs], reduced_input[reduced_inputs];
static const char *fashion_file, *reduced_file, *fashion_result, *reduced_result;
static int running = 0, allocations = 0, others_at_work = 1;

#ifndef OWN_ALLOCATOR /* a sanitizer, for one, brings its own */
/* Every allocation of the program and of its C library comes here, because a program's symbols go first. */
extern void* __libc_malloc(size_t bytes);
extern void* __libc_calloc(size_t count, size_t bytes);
extern void* __libc_realloc(void* old, size_t bytes);
extern void* __libc_memalign(size_t alignment, size_t bytes);

static void count(void) {
  if (__atomic_load_n(&running, __ATOMIC_SEQ_CST) > 0) __atomic_add_fetch(&allocations, 1, __ATOMIC_SEQ_CST);
}
void* malloc(size_t bytes) {
  count();
  return __libc_malloc(bytes);
}
void* calloc(size_t number, size_t bytes) {
  count();
  return __libc_calloc(number, bytes);
}
void* realloc(void* old, size_t bytes) {
  count();
  return __libc_realloc(old, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}
#endif

static void fail(const char* what, const char* why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static void write_floats(const char* file, const float* values, size_t count) {
  FILE* out = fopen(file, "wb");
  if (!out || fwrite(values, sizeof *values, count, out) != count || fclose(out)) fail(file, "cannot be written");
}

/* The simplest pool there is: the caller's thread does one task after the other, the last one first. */
static void backwards(void* user, int tasks, inception_reduced_task task, void* argument) {
  *(int*)user += tasks;
  for (int i = tasks - 1; i >= 0; --i) task(argument, i);
}

/* Contexts are made, counting begins, the runs do; the runs are over, counting ends, the rest follows. */
static void together(void* barrier) {
  pthread_barrier_wait((pthread_barrier_t*)barrier);
  pthread_barrier_wait((pthread_barrier_t*)barrier);
}

/* Runs as long as the other network does, so that they do run at the same time. */
static void* use_fashion(void* barrier) {
  fashion_model* model = NULL;
  fashion_context *single = NULL, *threaded = NULL;
  fashion_options options;
  float first[FASHION_HEAD_MAIN_CHANNELS];
  memset(&options, 0, sizeof options);
  options.arena = fashion_arena;
  if (fashion_open(fashion_file, &model) || fashion_create(model, &options, &single))
    fail("fashion", "cannot be opened");
  memset(&options, 0, sizeof options);
  options.threads = 2;
  if (fashion_create(model, &options, &threaded)) fail("fashion", "no context with threads");
  together(barrier);
  for (int round = 0; round < rounds || __atomic_load_n(&others_at_work, __ATOMIC_SEQ_CST); ++round) {
    fashion_context* context = round % 2 == 0 ? single : threaded;
    fashion_run(context, fashion_input);
    const float* output = fashion_output(context, FASHION_HEAD_MAIN);
    if (round == 0) memcpy(first, output, sizeof first);
    if (memcmp(first, output, sizeof first) != 0) fail("fashion", "a later run differs");
  }
  together(barrier);
  write_floats(fashion_result, first, FASHION_HEAD_MAIN_CHANNELS);
  fashion_destroy(single);
  fashion_destroy(threaded);
  fashion_close(model);
  return NULL;
}

static void* use_reduced(void* barrier) {
  inception_reduced_model* model = NULL;
  inception_reduced_context *pooled = NULL, *threaded = NULL;
  inception_reduced_options options;
  int tasks = 0;
  memset(&options, 0, sizeof options);
  options.threads = 3;
  options.arena = reduced_arena;
  options.parallel = backwards;
  options.user = &tasks;
  if (inception_reduced_open(reduced_file, &model)) fail("reduced", "cannot be opened");
  if (inception_reduced_create(model, &options, &pooled)) fail("reduced", "no context with a pool");
  memset(&options, 0, sizeof options);
  options.threads = 2;
  if (inception_reduced_create(model, &options, &threaded)) fail("reduced", "no context with threads");
  together(barrier);
  for (int round = 0; round < rounds; ++round) {
    inception_reduced_run(pooled, reduced_input);
    inception_reduced_run(threaded, reduced_input);
    for (int head = 0; head < INCEPTION_REDUCED_HEADS; ++head) {
      const size_t bytes = head == INCEPTION_REDUCED_HEAD_MAIN ? reduced_outputs * sizeof(float) : sizeof(float);
      if (memcmp(inception_reduced_output(pooled, head), inception_reduced_output(threaded, head), bytes) != 0)
        fail("reduced", "pool and threads differ");
    }
  }
  __atomic_store_n(&others_at_work, 0, __ATOMIC_SEQ_CST);
  together(barrier);
  if (tasks < rounds) fail("reduced", "the pool was not used");
  write_floats(reduced_result, inception_reduced_output(pooled, INCEPTION_REDUCED_HEAD_MAIN), reduced_outputs);
  inception_reduced_destroy(pooled);
  inception_reduced_destroy(threaded);
  inception_reduced_close(model);
  return NULL;
}

int main(int argc, char** argv) {
  pthread_barrier_t barrier;
  pthread_t first, second;
  if (argc != 5) return 2;
  fashion_file = argv[1];
  reduced_file = argv[2];
  fashion_result = argv[3];
  reduced_result = argv[4];
  for (int i = 0; i < fashion_inputs; ++i) fashion_input[i] = (float)(i % 17) / 8 - 1;
  for (int i = 0; i < reduced_inputs; ++i) reduced_input[i] = (float)(i % 23) / 11 - 1;
  pthread_barrier_init(&barrier, NULL, 3);
  if (pthread_create(&first, NULL, use_fashion, &barrier) || pthread_create(&second, NULL, use_reduced, &barrier))
    return 3;
  pthread_barrier_wait(&barrier); /* both have their contexts */
  __atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
  pthread_barrier_wait(&barrier); /* both begin */
  pthread_barrier_wait(&barrier); /* both have run */
  __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
  pthread_barrier_wait(&barrier); /* both go on */
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  printf("%d allocations\n", allocations);
  return allocations == 0 ? 0 : 4;
}
