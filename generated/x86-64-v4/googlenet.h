/* SPDX-License-Identifier: 0BSD
 * This file is yours; see LICENSE-EXCEPTION of deeper.
 *
 * googlenet, for x86-64-v4. Works as C99 and as C++. */
#ifndef DEEPER_GOOGLENET_H
#define DEEPER_GOOGLENET_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The input: float32 [height][width][channels], already preprocessed. */
#define GOOGLENET_INPUT_HEIGHT 224
#define GOOGLENET_INPUT_WIDTH 224
#define GOOGLENET_INPUT_CHANNELS 3

/* The outputs, in order: float32 [height][width][channels]. */
#define GOOGLENET_HEAD_MAIN 0
#define GOOGLENET_HEAD_MAIN_HEIGHT 1
#define GOOGLENET_HEAD_MAIN_WIDTH 1
#define GOOGLENET_HEAD_MAIN_CHANNELS 1000
#define GOOGLENET_HEADS 1

/* Bytes of memory: of a context's arena, and of the weights as this code reads them. */
#define GOOGLENET_ARENA_BYTES(threads) ((size_t)4817152 + (size_t)0 * ((size_t)(threads)-1))
#define GOOGLENET_WEIGHTS_BYTES 28060352
#define GOOGLENET_MAX_THREADS 64

/* 0 = all is well; googlenet_message tells the rest in words. */
typedef int googlenet_status;
#define GOOGLENET_OK 0

/* Weights. Never changes, may be shared by any number of contexts and threads. */
typedef struct googlenet_model googlenet_model;

/* One inference at a time: an arena and, with more than one thread, a team of them. */
typedef struct googlenet_context googlenet_context;

/* A pool of the caller's: runs task(argument, index) for each index in [0, count), in any order, on any threads, and
 * returns when all are done. */
typedef void (*googlenet_task)(void* argument, int index);
typedef void (*googlenet_parallel_for)(void* user, int count, googlenet_task task, void* argument);

/* All zero = one thread, memory allocated. Results do not depend on any of it. */
typedef struct googlenet_options {
  int threads;                   /* 0 = 1; at most GOOGLENET_MAX_THREADS */
  void* arena;                   /* NULL = allocated; else GOOGLENET_ARENA_BYTES(threads) bytes, 64-byte aligned */
  googlenet_parallel_for parallel;     /* NULL = own threads */
  void* user;                    /* handed to `parallel` */
} googlenet_options;

/* Maps the weights file at `weights_path` (NULL: the weights that were built in) and checks that it is this network's.
 * The file stays mapped until `close`: replace it by renaming a new one over it, never write into it. Written in place it
 * changes what `run` computes; cut off it ends the process with SIGBUS. */
googlenet_status googlenet_open(const char* weights_path, googlenet_model** out);
/* The same from a copy in memory, whatever becomes of the file. Reads and hashes all of it: slower, but damage is found. */
googlenet_status googlenet_open_copy(const char* weights_path, googlenet_model** out);
/* The same from memory, which must stay where it is until `close`. */
googlenet_status googlenet_open_memory(const void* bytes, size_t size, googlenet_model** out);
/* No context of the model may exist any more. NULL is fine. */
void googlenet_close(googlenet_model* model);

/* `options` may be NULL. The only place where memory is allocated. */
googlenet_status googlenet_create(const googlenet_model* model, const googlenet_options* options, googlenet_context** out);
void googlenet_destroy(googlenet_context* context);

/* Cannot fail, allocates nothing. `input`: GOOGLENET_INPUT_HEIGHT * _WIDTH * _CHANNELS floats, read only. The caller's rounding
 * mode changes no result and is left as it was. */
void googlenet_run(googlenet_context* context, const float* input);
/* What the last run left at a head, valid until the next one; NULL when there is no such head. A NaN or an infinity among
 * the input, the weights or the sums ends in NaN here, as in PyTorch. */
const float* googlenet_output(const googlenet_context* context, int head);

/* UTF-8 name of a class; NULL when the head has no labels or no such class. */
const char* googlenet_label(const googlenet_model* model, int head, int index);
/* Static text in English for a status. */
const char* googlenet_message(googlenet_status status);
/* Which deeper wrote this code. */
const char* googlenet_version(void);

/* In libgooglenet_image.a, which needs libjpeg, libpng and zlib where it reads JPEG and PNG:
 *   cc ... libgooglenet_image.a libgooglenet.a -ljpeg -lpng -lz -lm -lpthread      or what `pkg-config --cflags --libs googlenet.pc` says
 * Decodes a whole JPEG, PNG, BMP or PNM file, preprocesses it as the network's description says, runs
 * and writes numbers and values of the `count` largest outputs of a head, largest first, equal ones in order. Where any of
 * them is NaN or infinite there is no answer: GOOGLENET_NOT_FINITE, nothing is written, googlenet_output has them. `words` (may be
 * NULL) gets the reason when something is wrong, cut to `words_bytes`. Allocates what decoding needs. */
#define GOOGLENET_NOT_FINITE 37
googlenet_status googlenet_classify(googlenet_context* context, const void* image, size_t bytes, int head, int count, int* indices,
    float* values, char* words, size_t words_bytes);

#ifdef __cplusplus
}
#endif

#endif
