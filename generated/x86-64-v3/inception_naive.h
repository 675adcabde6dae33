/* SPDX-License-Identifier: 0BSD
 * This file is yours; see LICENSE-EXCEPTION of deeper.
 *
 * inception_naive, for x86-64-v3. Works as C99 and as C++. */
#ifndef DEEPER_INCEPTION_NAIVE_H
#define DEEPER_INCEPTION_NAIVE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The input: float32 [height][width][channels], already preprocessed. */
#define INCEPTION_NAIVE_INPUT_HEIGHT 224
#define INCEPTION_NAIVE_INPUT_WIDTH 224
#define INCEPTION_NAIVE_INPUT_CHANNELS 3

/* The outputs, in order: float32 [height][width][channels]. */
#define INCEPTION_NAIVE_HEAD_MAIN 0
#define INCEPTION_NAIVE_HEAD_MAIN_HEIGHT 224
#define INCEPTION_NAIVE_HEAD_MAIN_WIDTH 224
#define INCEPTION_NAIVE_HEAD_MAIN_CHANNELS 227
#define INCEPTION_NAIVE_HEADS 1

/* Bytes of memory: of a context's arena, and of the weights as this code reads them. */
#define INCEPTION_NAIVE_ARENA_BYTES(threads) ((size_t)47187392 + (size_t)0 * ((size_t)(threads)-1))
#define INCEPTION_NAIVE_WEIGHTS_BYTES 25600
#define INCEPTION_NAIVE_MAX_THREADS 64

/* 0 = all is well; inception_naive_message tells the rest in words. */
typedef int inception_naive_status;
#define INCEPTION_NAIVE_OK 0

/* Weights. Never changes, may be shared by any number of contexts and threads. */
typedef struct inception_naive_model inception_naive_model;

/* One inference at a time: an arena and, with more than one thread, a team of them. */
typedef struct inception_naive_context inception_naive_context;

/* A pool of the caller's: runs task(argument, index) for each index in [0, count), in any order, on any threads, and
 * returns when all are done. */
typedef void (*inception_naive_task)(void* argument, int index);
typedef void (*inception_naive_parallel_for)(void* user, int count, inception_naive_task task, void* argument);

/* All zero = one thread, memory allocated. Results do not depend on any of it. */
typedef struct inception_naive_options {
  int threads;                   /* 0 = 1; at most INCEPTION_NAIVE_MAX_THREADS */
  void* arena;                   /* NULL = allocated; else INCEPTION_NAIVE_ARENA_BYTES(threads) bytes, 64-byte aligned */
  inception_naive_parallel_for parallel;     /* NULL = own threads */
  void* user;                    /* handed to `parallel` */
} inception_naive_options;

/* Maps the weights file at `weights_path` (NULL: the weights that were built in) and checks that it is this network's.
 * The file stays mapped until `close`: replace it by renaming a new one over it, never write into it. Written in place it
 * changes what `run` computes; cut off it ends the process with SIGBUS. */
inception_naive_status inception_naive_open(const char* weights_path, inception_naive_model** out);
/* The same from a copy in memory, whatever becomes of the file. Reads and hashes all of it: slower, but damage is found. */
inception_naive_status inception_naive_open_copy(const char* weights_path, inception_naive_model** out);
/* The same from memory, which must stay where it is until `close`. */
inception_naive_status inception_naive_open_memory(const void* bytes, size_t size, inception_naive_model** out);
/* No context of the model may exist any more. NULL is fine. */
void inception_naive_close(inception_naive_model* model);

/* `options` may be NULL. The only place where memory is allocated. */
inception_naive_status inception_naive_create(const inception_naive_model* model, const inception_naive_options* options, inception_naive_context** out);
void inception_naive_destroy(inception_naive_context* context);

/* Cannot fail, allocates nothing. `input`: INCEPTION_NAIVE_INPUT_HEIGHT * _WIDTH * _CHANNELS floats, read only. The caller's rounding
 * mode changes no result and is left as it was. */
void inception_naive_run(inception_naive_context* context, const float* input);
/* What the last run left at a head, valid until the next one; NULL when there is no such head. A NaN or an infinity among
 * the input, the weights or the sums ends in NaN here, as in PyTorch. */
const float* inception_naive_output(const inception_naive_context* context, int head);

/* UTF-8 name of a class; NULL when the head has no labels or no such class. */
const char* inception_naive_label(const inception_naive_model* model, int head, int index);
/* Static text in English for a status. */
const char* inception_naive_message(inception_naive_status status);
/* Which deeper wrote this code. */
const char* inception_naive_version(void);

#ifdef __cplusplus
}
#endif

#endif
