#include <algorithm>
#include <set>

#include "codegen/emit/emission.h"
#include "codegen/schedule/plan.h"

namespace deeper {

namespace {

constexpr const char* head_suffixes[] = {"", "_HEIGHT", "_WIDTH", "_CHANNELS"};

void emit_constants(CppWriter& out, const Schedule& s) {
  const std::string macro = macro_prefix(s);
  out.line("/* The input: float32 [height][width][channels], already preprocessed. */");
  out.line("#define {}_INPUT_HEIGHT {}", macro, s.input.height);
  out.line("#define {}_INPUT_WIDTH {}", macro, s.input.width);
  out.line("#define {}_INPUT_CHANNELS {}", macro, s.input.channels);
  out.blank();
  out.line("/* The outputs, in order: float32 [height][width][channels]. */");
  const std::vector<std::string> names = head_macros(s);
  for (size_t h = 0; h < s.heads.size(); ++h) {
    const Shape& map = s.buffer(s.heads[h].output.buffer).shape;
    out.line("#define {} {}", names[h], h);
    out.line("#define {}_HEIGHT {}", names[h], map.height);
    out.line("#define {}_WIDTH {}", names[h], map.width);
    out.line("#define {}_CHANNELS {}", names[h], s.heads[h].output.channels);
  }
  out.line("#define {}_HEADS {}", macro, s.heads.size());
  out.blank();
  out.line("/* Bytes of memory: of a context's arena, and of the weights as this code reads them. */");
  out.line("#define {}_ARENA_BYTES(threads) ((size_t){} + (size_t){} * ((size_t)(threads)-1))", macro,
           s.arena_floats * 4, s.arena_floats_per_thread * 4);
  out.line("#define {}_WEIGHTS_BYTES {}", macro, s.weights_floats * 4);
  out.line("#define {}_MAX_THREADS {}", macro, s.threads_max);
}

// {0} = name, {1} = NAME. A page of C that a user reads.
constexpr const char* types_text = R"(
/* 0 = all is well; {0}_message tells the rest in words. */
typedef int {0}_status;
#define {1}_OK 0

/* Weights. Never changes, may be shared by any number of contexts and threads. */
typedef struct {0}_model {0}_model;

/* One inference at a time: an arena and, with more than one thread, a team of them. */
typedef struct {0}_context {0}_context;

/* A pool of the caller's: runs task(argument, index) for each index in [0, count), in any order, on any threads, and
 * returns when all are done. */
typedef void (*{0}_task)(void* argument, int index);
typedef void (*{0}_parallel_for)(void* user, int count, {0}_task task, void* argument);

/* All zero = one thread, memory allocated. Results do not depend on any of it. */
typedef struct {0}_options {{
  int threads;                   /* 0 = 1; at most {1}_MAX_THREADS */
  void* arena;                   /* NULL = allocated; else {1}_ARENA_BYTES(threads) bytes, 64-byte aligned */
  {0}_parallel_for parallel;     /* NULL = own threads */
  void* user;                    /* handed to `parallel` */
}} {0}_options;

/* Maps the weights file at `weights_path` (NULL: the weights that were built in) and checks that it is this network's.
 * The file stays mapped until `close`: replace it by renaming a new one over it, never write into it. Written in place it
 * changes what `run` computes; cut off it ends the process with SIGBUS. */
{0}_status {0}_open(const char* weights_path, {0}_model** out);
/* The same from a copy in memory, whatever becomes of the file. Reads and hashes all of it: slower, but damage is found. */
{0}_status {0}_open_copy(const char* weights_path, {0}_model** out);
/* The same from memory, which must stay where it is until `close`. */
{0}_status {0}_open_memory(const void* bytes, size_t size, {0}_model** out);
/* No context of the model may exist any more. NULL is fine. */
void {0}_close({0}_model* model);

/* `options` may be NULL. The only place where memory is allocated. */
{0}_status {0}_create(const {0}_model* model, const {0}_options* options, {0}_context** out);
void {0}_destroy({0}_context* context);

/* Cannot fail, allocates nothing. `input`: {1}_INPUT_HEIGHT * _WIDTH * _CHANNELS floats, read only. The caller's rounding
 * mode changes no result and is left as it was. */
void {0}_run({0}_context* context, const float* input);
/* What the last run left at a head, valid until the next one; NULL when there is no such head. A NaN or an infinity among
 * the input, the weights or the sums ends in NaN here, as in PyTorch. */
const float* {0}_output(const {0}_context* context, int head);

/* UTF-8 name of a class; NULL when the head has no labels or no such class. */
const char* {0}_label(const {0}_model* model, int head, int index);
/* Static text in English for a status. */
const char* {0}_message({0}_status status);
/* Which deeper wrote this code. */
const char* {0}_version(void);
)";

constexpr const char* classify_text = R"(
/* In lib{0}_image.a, which needs libjpeg, libpng and zlib where it reads JPEG and PNG:
 *   cc ... lib{0}_image.a lib{0}.a -ljpeg -lpng -lz -lm -lpthread      or what `pkg-config --cflags --libs {0}.pc` says
 * Decodes a whole JPEG, PNG, BMP or PNM file, preprocesses it as the network's description says, runs
 * and writes numbers and values of the `count` largest outputs of a head, largest first, equal ones in order. Where any of
 * them is NaN or infinite there is no answer: {1}_NOT_FINITE, nothing is written, {0}_output has them. `words` (may be
 * NULL) gets the reason when something is wrong, cut to `words_bytes`. Allocates what decoding needs. */
#define {1}_NOT_FINITE 37
{0}_status {0}_classify({0}_context* context, const void* image, size_t bytes, int head, int count, int* indices,
    float* values, char* words, size_t words_bytes);
)";

}  // namespace

std::vector<std::string> head_macros(const Schedule& schedule) {
  const std::string macro = macro_prefix(schedule);
  std::set<std::string> used{macro + "_HEADS"};
  std::vector<std::string> names;
  for (const ScheduledHead& head : schedule.heads) {
    std::string name = macro + "_HEAD_";
    for (const char c : head.name) {
      const bool letter = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : letter ? c : '_';
    }
    std::string unique = name;
    const auto taken = [&](const char* suffix) { return used.count(unique + suffix) > 0; };
    for (int number = 2; std::any_of(std::begin(head_suffixes), std::end(head_suffixes), taken); ++number) {
      unique = name + "_" + std::to_string(number);
    }
    for (const char* suffix : head_suffixes) used.insert(unique + suffix);
    names.push_back(unique);
  }
  return names;
}

std::string header_text(const Schedule& s) {
  CppWriter out;
  const std::string macro = macro_prefix(s);
  out.line("/* SPDX-License-Identifier: 0BSD");
  out.line(" * This file is yours; see LICENSE-EXCEPTION of deeper.");
  out.line(" *");
  out.line(" * {}, for {}. Works as C99 and as C++. */", s.network, s.target);
  out.line("#ifndef DEEPER_{}_H", macro);  // ZLIB_H alone is zlib's
  out.line("#define DEEPER_{}_H", macro);
  out.blank();
  out.line("#include <stddef.h>");
  out.blank();
  out.line("#ifdef __cplusplus");
  out.line("extern \"C\" {{");
  out.line("#endif");
  out.blank();
  emit_constants(out, s);
  std::string text = fmt::format(fmt::runtime(types_text), s.network, macro);
  if (s.has_preprocess) text += fmt::format(fmt::runtime(classify_text), s.network, macro);
  CppWriter end;
  end.blank();
  end.line("#ifdef __cplusplus");
  end.line("}}");
  end.line("#endif");
  end.blank();
  end.line("#endif");
  return out.take() + text + end.take();
}

}  // namespace deeper
