// What a generated network tells about itself: plain constant tables, which the C interface, the program and the tools
// read.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// The part of a step's units that one thread computes: [begin, end).
struct Task {
  int begin = 0;
  int end = 0;
};

/// All memory a step may touch. Sizes are constants of the network.
struct Memory {
  const float* input;    ///< the caller's tensor [height][width][channels], dense
  float* arena;          ///< 64-byte aligned
  const float* weights;  ///< packed for this target, 64-byte aligned, read-only
};

/// Where one activation lives: `offset` is pixel (0, 0), channel 0; all in floats from the arena's begin.
struct View {
  int64_t offset = 0;
  int height = 0, width = 0, channels = 0;
  int64_t row = 0;    ///< distance of vertically neighbouring pixels
  int64_t pixel = 0;  ///< distance of horizontally neighbouring pixels
};

/// One layer's output as its author knows it, complete when the step has run (and possibly overwritten by a later one).
struct StepOutput {
  const char* path;
  View view;
};

struct Step {
  void (*run)(Task task, const Memory& memory);  ///< for run_step alone to call
  int units;                                     ///< independent pieces of work
  const char* paths;                             ///< the layers it computes, joined by "+"
  const char* algorithm;                         ///< "direct 14x2", "max pool", ...
  int64_t macs;                                  ///< multiply-adds of the layers it computes
  const StepOutput* outputs;                     ///< what can be read after it
  int output_count;
  /// Floats: `run` is an earlier step's function and reads the weights that lie so far behind that step's.
  int64_t weights_shift = 0;
};

/// A share of a step's units.
inline void run_step(const Step& step, Task task, const Memory& memory) {
  step.run(task, {memory.input, memory.arena, memory.weights + step.weights_shift});
}

struct Head {
  const char* name;
  View output;
  View logits;  ///< channels = 0: the head does not end in a softmax
  int topk;
  bool probabilities;  ///< ends in a softmax: `top` makes sense, else values
};

/// Numbers of the spec's `preprocess:`; see runtime/preprocess.h for what they mean. `present` false: tensors only.
struct Preprocess {
  bool present = false;
  double central_fraction = 1;              ///< of either side, before anything else
  int resize_short = 0;                     ///< 0 = none
  int resize_height = 0, resize_width = 0;  ///< 0 = no warp
  bool letterbox = false;                   ///< that size holds the picture in its shape, and `fill` around it
  int crop_height = 0, crop_width = 0;      ///< 0 = no crop
  int filter = 0;                           ///< rt::Filter
  int channels = 0;                         ///< rt::ChannelOrder
  int alpha = 0;                            ///< rt::Alpha
  const float* mean = nullptr;              ///< one per channel, final order
  const float* scale = nullptr;
  const float* fill = nullptr;  ///< null = 0
};

struct Network {
  const char* name;
  const char* tool_version;
  const char* spec_hash;        ///< 64 hex digits
  const char* target;           ///< "x86-64-v4"
  const char* dtype;            ///< "f32"
  const char* algorithms;       ///< "exact"
  uint64_t cpu_features = 0;    ///< what it needs of the CPU: bits of rt::cpu
  int height, width, channels;  ///< of the input
  Preprocess preprocess;
  int64_t arena_bytes;             ///< with one thread
  int64_t arena_bytes_per_thread;  ///< for each further one
  int64_t weights_bytes;           ///< of the packed weights
  int max_threads;
  const Step* steps;
  int step_count;
  const Head* heads;
  int head_count;
  const unsigned char* embedded;  ///< the whole blob when built with --embed, else null
  const unsigned char*
      embedded_end;  ///< one past its last byte; an address, since no compiler takes a difference of two as a constant
};

}  // namespace rt::inline RT_ABI
