// The program half of random_networks.cpp: runs the networks that are compiled into it and writes every layer's output.
// Memory is laid out so that mistakes show: the arena starts as NaNs, and arena, input and weights end at pages that
// cannot be read. A second run over the used arena must give the same bits.
//
// input file, for each network:  int32 threads, int64 input floats, int64 weights floats, the input, the weights
// output file, for each network: for each layer and head int32 length, its name, int32 height, width, channels, values;
//                                then int32 -1
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "runtime/network.h"
#include "runtime/team.h"
#include "runtime/view.h"

namespace batch {

constexpr size_t page_bytes = 4096;

constexpr size_t rounded_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Room for `bytes` whose end (rounded up to 64) is followed by a page that cannot be touched.
inline void* guarded(size_t bytes) {
  const size_t used = rounded_up(bytes, 64), whole = rounded_up(used, page_bytes);
  void* memory = mmap(nullptr, whole + page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) abort();
  char* begin = static_cast<char*>(memory);
  if (mprotect(begin + whole, page_bytes, PROT_NONE) != 0) abort();
  return begin + whole - used;
}

inline void release(void* memory, size_t bytes) {
  const size_t used = rounded_up(bytes, 64), whole = rounded_up(used, page_bytes);
  munmap(static_cast<char*>(memory) + used - whole, whole + page_bytes);
}

template <class T>
T read_value(FILE* file) {
  T value{};
  if (fread(&value, sizeof value, 1, file) != 1) abort();
  return value;
}

inline void write_value(FILE* file, int32_t value) { fwrite(&value, sizeof value, 1, file); }

/// One network while it runs.
struct Run {
  const rt::Network* network;
  rt::Memory memory;
  FILE* out;       ///< null in the second run
  uint64_t* hash;  ///< of all that was seen
};

inline void see(const Run& run, const char* kind, const char* name, const rt::View& view) {
  if (run.out) {
    write_value(run.out, static_cast<int32_t>(strlen(kind) + strlen(name)));
    fputs(kind, run.out);
    fputs(name, run.out);
    const int32_t sizes[] = {view.height, view.width, view.channels};
    for (const int32_t size : sizes) write_value(run.out, size);
  }
  for (int y = 0; y < view.height; ++y) {
    for (int x = 0; x < view.width; ++x) {
      const float* pixel = run.memory.arena + rt::at(view, y, x);
      if (run.out) fwrite(pixel, sizeof(float), static_cast<size_t>(view.channels), run.out);
      for (int c = 0; c < view.channels; ++c) {
        uint32_t bits;
        memcpy(&bits, pixel + c, sizeof bits);
        *run.hash = (*run.hash ^ bits) * 0x100000001b3u;
      }
    }
  }
}

inline void see_step(void* user, int index) {
  const Run& run = *static_cast<const Run*>(user);
  const rt::Step& step = run.network->steps[index];
  for (int i = 0; i < step.output_count; ++i) see(run, "", step.outputs[i].path, step.outputs[i].view);
}

inline void run_once(Run& run, int threads) {
  const rt::Observer observer{see_step, &run};
  if (threads == 1) {
    for (int s = 0; s < run.network->step_count; ++s) {
      rt::run_step(run.network->steps[s], {0, run.network->steps[s].units}, run.memory);
      see_step(&run, s);
    }
  } else {
    alignas(64) char storage[sizeof(rt::Team)] = {};
    rt::Team& team = *reinterpret_cast<rt::Team*>(storage);
    if (!team.start(threads)) abort();
    team.run(*run.network, run.memory, &observer);
    team.stop();
  }
  for (int h = 0; h < run.network->head_count; ++h) {
    const rt::Head& head = run.network->heads[h];
    see(run, "head ", head.name, head.output);
    if (head.logits.channels > 0) see(run, "logits ", head.name, head.logits);
  }
}

/// False when a second run differs.
inline bool run_network(const rt::Network& network, FILE* in, FILE* out) {
  const auto threads = read_value<int32_t>(in);
  const auto inputs = static_cast<size_t>(read_value<int64_t>(in)),
             weights = static_cast<size_t>(read_value<int64_t>(in));
  if (inputs != static_cast<size_t>(network.height) * static_cast<size_t>(network.width) *
                    static_cast<size_t>(network.channels) ||
      weights * sizeof(float) != static_cast<size_t>(network.weights_bytes))
    abort();
  const auto arena = static_cast<size_t>(network.arena_bytes + network.arena_bytes_per_thread * (threads - 1));
  auto* x = static_cast<float*>(guarded(inputs * sizeof(float)));
  auto* w = static_cast<float*>(guarded(weights * sizeof(float)));
  if (fread(x, sizeof(float), inputs, in) != inputs || fread(w, sizeof(float), weights, in) != weights) abort();
  Run run{&network, {x, static_cast<float*>(guarded(arena)), w}, out, nullptr};
  memset(run.memory.arena, 0xff, arena);  // NaNs
  uint64_t first = 0, second = 0;
  run.hash = &first;
  run_once(run, threads);
  write_value(out, -1);
  run.out = nullptr;
  run.hash = &second;
  run_once(run, threads);
  release(x, inputs * sizeof(float));
  release(w, weights * sizeof(float));
  release(run.memory.arena, arena);
  if (first != second) fprintf(stderr, "%s: a second run over the used arena differs\n", network.name);
  return first == second;
}

template <size_t Count>
int run_all(const rt::Network* const (&networks)[Count], char** argv) {
  FILE* in = fopen(argv[1], "rb");
  FILE* out = fopen(argv[2], "wb");
  if (!in || !out) return 2;
  int status = 0;
  for (const rt::Network* network : networks) {
    if (!run_network(*network, in, out)) status = 1;
    fflush(out);  // what a crash leaves tells which network it was
  }
  fclose(in);
  return fclose(out) == 0 ? status : 2;
}

}  // namespace batch
