// What the functions of a network's C interface do. NAME.cpp instantiates them for its own table; no function here
// throws, exits or prints, and none but open_* and create_context allocates.
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/float_mode.h"
#include "runtime/model.h"
#include "runtime/network.h"
#include "runtime/pages.h"
#include "runtime/team.h"
#include "runtime/view.h"

namespace rt::inline RT_ABI {

using PoolTask = void (*)(void* argument, int index);
/// The caller's pool: runs task(argument, index) for every index in [0, count), in any order, and returns when all are
/// done.
using ParallelFor = void (*)(void* user, int count, PoolTask task, void* argument);

struct ContextOptions {
  int threads = 1;
  void* arena = nullptr;           ///< null: allocated; else arena_bytes(network, threads) bytes, 64-byte aligned
  ParallelFor parallel = nullptr;  ///< null: own threads; else called once a step with `threads` tasks
  void* user = nullptr;            ///< for `parallel`
};

/// One inference at a time. Any number of contexts of a model may run at the same time.
struct Context {
  const Model* model;
  Memory memory;
  ContextOptions options;
  void* owned_arena;      ///< null where the caller gave one
  const float** outputs;  ///< of each head, dense [height][width][channels]
  float* gathered;        ///< dense copies of those outputs that lie in the arena with gaps
  Team team;              ///< used with more than one thread and no pool of the caller's
};

constexpr int64_t arena_bytes(const Network& network, int threads) {
  return network.arena_bytes + network.arena_bytes_per_thread * (threads - 1);
}

inline size_t arena_size(const Context& context) {
  return static_cast<size_t>(arena_bytes(*context.model->network, context.options.threads));
}

/// Where each head's output will be found. False when memory runs out.
inline bool place_outputs(Context& context) {
  const Network& network = *context.model->network;
  int64_t gathered = 0;
  for (int h = 0; h < network.head_count; ++h) {
    const View& view = network.heads[h].output;
    if (!is_dense(view)) gathered += element_count(view);
  }
  context.outputs = static_cast<const float**>(calloc(static_cast<size_t>(network.head_count) + 1, sizeof(float*)));
  context.gathered = static_cast<float*>(calloc(static_cast<size_t>(gathered) + 1, sizeof(float)));
  if (!context.outputs || !context.gathered) return false;
  float* next = context.gathered;
  for (int h = 0; h < network.head_count; ++h) {
    const View& view = network.heads[h].output;
    context.outputs[h] = is_dense(view) ? context.memory.arena + view.offset : next;
    if (!is_dense(view)) next += element_count(view);
  }
  return true;
}

inline void destroy_context(Context* context) {
  if (!context) return;
  context->team.stop();
  if (context->owned_arena) give_back_pages(context->owned_arena, arena_size(*context));
  free(static_cast<void*>(context->outputs));
  free(context->gathered);
  free(context);
}

inline Status check_options(const Network& network, const ContextOptions& options) {
  if (options.threads < 1) return status_bad_argument;
  if (options.threads > network.max_threads) return status_too_many_threads;
  return reinterpret_cast<uintptr_t>(options.arena) % 64 == 0 ? status_ok : status_unaligned;
}

inline Status prepare_context(Context& context) {
  const Network& network = *context.model->network;
  void* arena = context.options.arena;
  if (arena) {
    memset(arena, 0, arena_size(context));
  } else {
    arena = context.owned_arena = take_pages(arena_size(context));
  }
  context.memory = {nullptr, static_cast<float*>(arena), context.model->weights};
  if (!arena || !place_outputs(context)) return status_out_of_memory;
  if (!fault_in(context.model->weights, static_cast<size_t>(network.weights_bytes))) return status_damaged_weights;
  if (context.options.threads == 1 || context.options.parallel) return status_ok;
  return context.team.start(context.options.threads) ? status_ok : status_no_thread;
}

/// `options` null: one thread, own arena. The model must outlive the context.
inline Status create_context(const Model* model, const ContextOptions* options, Context** out) {
  if (!model || !out) return status_bad_argument;
  *out = nullptr;
  const ContextOptions chosen = options ? *options : ContextOptions{};
  if (const Status wrong = check_options(*model->network, chosen)) return wrong;
  auto* context = static_cast<Context*>(aligned_alloc(alignof(Context), sizeof(Context)));
  if (!context) return status_out_of_memory;
  memset(static_cast<void*>(context), 0, sizeof(Context));
  context->model = model;
  context->options = chosen;
  const Status status = prepare_context(*context);
  if (status) {
    destroy_context(context);
  } else {
    *out = context;
  }
  return status;
}

/// One step's share, as a task of the caller's pool.
struct PoolStep {
  const Step* step;
  const Memory* memory;
  int threads;
  static void run(void* argument, int index) {
    const auto& self = *static_cast<const PoolStep*>(argument);
    const FloatMode mode;  // the pool's threads are the caller's
    const Task task = share_of(self.step->units, index, self.threads);
    if (task.begin < task.end) run_step(*self.step, task, *self.memory);
  }
};

/// On the caller's thread or pool.
inline void run_steps(const Context& context, const Observer* observer) {
  const Network& network = *context.model->network;
  for (int s = 0; s < network.step_count; ++s) {
    const Step& step = network.steps[s];
    if (context.options.parallel) {
      PoolStep part{&step, &context.memory, context.options.threads};
      context.options.parallel(context.options.user, part.threads, PoolStep::run, &part);
    } else {
      run_step(step, {0, step.units}, context.memory);
    }
    if (observer) observer->after_step(observer->user, s);
  }
}

/// A view's pixels without gaps.
inline void gather(const View& view, const float* arena, float* to) {
  for (int y = 0; y < view.height; ++y) {
    for (int x = 0; x < view.width; ++x, to += view.channels) {
      memcpy(to, arena + at(view, y, x), static_cast<size_t>(view.channels) * sizeof(float));
    }
  }
}

/// `input`: dense [height][width][channels]. Cannot fail, allocates nothing. `observer` may be null. The caller's
/// rounding mode changes no result and is left as it was.
inline void run(Context& context, const float* input, const Observer* observer = nullptr) {
  const FloatMode mode;
  const Network& network = *context.model->network;
  context.memory.input = input;
  if (context.options.threads == 1 || context.options.parallel) {
    run_steps(context, observer);
  } else {
    context.team.run(network, context.memory, observer);
  }
  float* next = context.gathered;
  for (int h = 0; h < network.head_count; ++h) {
    const View& view = network.heads[h].output;
    if (is_dense(view)) continue;
    gather(view, context.memory.arena, next);
    next += element_count(view);
  }
}

/// A head's output of the last run, dense [height][width][channels]; null when there is no such head.
inline const float* output(const Context& context, int head) {
  return head >= 0 && head < context.model->network->head_count ? context.outputs[head] : nullptr;
}

}  // namespace rt::inline RT_ABI
