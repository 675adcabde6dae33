/* SPDX-License-Identifier: 0BSD
 * This file is yours; see LICENSE-EXCEPTION of deeper.
 *
 * inception_reduced, for x86-64-v4. Works as C99 and as C++. */
#ifndef DEEPER_INCEPTION_REDUCED_H
#define DEEPER_INCEPTION_REDUCED_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The input: float32 [height][width][channels], already preprocessed. */
#define INCEPTION_REDUCED_INPUT_HEIGHT 28
#define INCEPTION_REDUCED_INPUT_WIDTH 28
#define INCEPTION_REDUCED_INPUT_CHANNELS 192

/* The outputs, in order: float32 [height][width][channels]. */
#define INCEPTION_REDUCED_HEAD_MAIN 0
#define INCEPTION_REDUCED_HEAD_MAIN_HEIGHT 28
#define INCEPTION_REDUCED_HEAD_MAIN_WIDTH 28
#define INCEPTION_REDUCED_HEAD_MAIN_CHANNELS 256
#define INCEPTION_REDUCED_HEAD_TAP 1
#define INCEPTION_REDUCED_HEAD_TAP_HEIGHT 28
#define INCEPTION_REDUCED_HEAD_TAP_WIDTH 28
#define INCEPTION_REDUCED_HEAD_TAP_CHANNELS 32
#define INCEPTION_REDUCED_HEADS 2

/* Bytes of memory: of a context's arena, and of the weights as this code reads them. */
#define INCEPTION_REDUCED_ARENA_BYTES(threads) ((size_t)2007296 + (size_t)0 * ((size_t)(threads)-1))
#define INCEPTION_REDUCED_WEIGHTS_BYTES 655296
#define INCEPTION_REDUCED_MAX_THREADS 64

/* 0 = all is well; inception_reduced_message tells the rest in words. */
typedef int inception_reduced_status;
#define INCEPTION_REDUCED_OK 0

/* Weights. Never changes, may be shared by any number of contexts and threads. */
typedef struct inception_reduced_model inception_reduced_model;

/* One inference at a time: an arena and, with more than one thread, a team of them. */
typedef struct inception_reduced_context inception_reduced_context;

/* A pool of the caller's: runs task(argument, index) for each index in [0, count), in any order, on any threads, and
 * returns when all are done. */
typedef void (*inception_reduced_task)(void* argument, int index);
typedef void (*inception_reduced_parallel_for)(void* user, int count, inception_reduced_task task, void* argument);

/* All zero = one thread, memory allocated. Results do not depend on any of it. */
typedef struct inception_reduced_options {
  int threads;                   /* 0 = 1; at most INCEPTION_REDUCED_MAX_THREADS */
  void* arena;                   /* NULL = allocated; else INCEPTION_REDUCED_ARENA_BYTES(threads) bytes, 64-byte aligned */
  inception_reduced_parallel_for parallel;     /* NULL = own threads */
  void* user;                    /* handed to `parallel` */
} inception_reduced_options;

/* Maps the weights file at `weights_path` (NULL: the weights that were built in) and checks that it is this network's.
 * The file stays mapped until `close`: replace it by renaming a new one over it, never write into it. Written in place it
 * changes what `run` computes; cut off it ends the process with SIGBUS. */
inception_reduced_status inception_reduced_open(const char* weights_path, inception_reduced_model** out);
/* The same from a copy in memory, whatever becomes of the file. Reads and hashes all of it: slower, but damage is found. */
inception_reduced_status inception_reduced_open_copy(const char* weights_path, inception_reduced_model** out);
/* The same from memory, which must stay where it is until `close`. */
inception_reduced_status inception_reduced_open_memory(const void* bytes, size_t size, inception_reduced_model** out);
/* No context of the model may exist any more. NULL is fine. */
void inception_reduced_close(inception_reduced_model* model);

/* `options` may be NULL. The only place where memory is allocated. */
inception_reduced_status inception_reduced_create(const inception_reduced_model* model, const inception_reduced_options* options, inception_reduced_context** out);
void inception_reduced_destroy(inception_reduced_context* context);

/* Cannot fail, allocates nothing. `input`: INCEPTION_REDUCED_INPUT_HEIGHT * _WIDTH * _CHANNELS floats, read only. The caller's rounding
 * mode changes no result and is left as it was. */
void inception_reduced_run(inception_reduced_context* context, const float* input);
/* What the last run left at a head, valid until the next one; NULL when there is no such head. A NaN or an infinity among
 * the input, the weights or the sums ends in NaN here, as in PyTorch. */
const float* inception_reduced_output(const inception_reduced_context* context, int head);

/* UTF-8 name of a class; NULL when the head has no labels or no such class. */
const char* inception_reduced_label(const inception_reduced_model* model, int head, int index);
/* Static text in English for a status. */
const char* inception_reduced_message(inception_reduced_status status);
/* Which deeper wrote this code. */
const char* inception_reduced_version(void);

#ifdef __cplusplus
}
#endif

#endif
