// SPDX-License-Identifier: 0BSD
// This file is yours; see LICENSE-EXCEPTION of deeper.
// inception_reduced for x86-64-v4: 28x28x192 -> 28x28x256, 128,049,152 multiply-adds in 6 steps.
// Written by deeper. Tiles, blocks and places suit 32 registers of 16 floats; all distances and offsets are in floats.
// Read it from the bottom: the table of steps is the table of contents, the functions are the steps in order.
#include "inception_reduced.h"

#include "runtime/api.h"
#include "runtime/border.h"
#include "runtime/conv.h"
#include "runtime/depthwise.h"
#include "runtime/elementwise.h"
#include "runtime/epilogue.h"
#include "runtime/input.h"
#include "runtime/l2_normalize.h"
#include "runtime/lrn.h"
#include "runtime/network.h"
#include "runtime/pool.h"
#include "runtime/softmax.h"
#include "runtime/tasks.h"
#include "runtime/view.h"

static_assert(rt::lanes == 16 && rt::vector_registers >= 32 && rt::fma_instruction,
              "made for x86-64-v4: compile with -march=x86-64-v4 and the other flags of CMakeLists.txt");

// Activations: [height][width][channels] in the arena. Those that are not needed at the same time share memory.
// The offset is that of pixel (0, 0): a zeroed border for windows that reach beyond the map lies around it.
namespace buffers {
// offset, height, width, channels, distance of rows, distance of pixels
constexpr rt::View input{200704, 28, 28, 192, 28 * 192, 192};
constexpr rt::View module_3x3_reduce{351232 + 1 * 2880 + 1 * 96, 28, 28, 96, 30 * 96, 96};
constexpr rt::View module_5x5_reduce{437632 + 2 * 512 + 2 * 16, 28, 28, 16, 32 * 16, 16};
constexpr rt::View module_max_pool{351232, 28, 28, 192, 28 * 192, 192};
constexpr rt::View module{0, 28, 28, 256, 28 * 256, 256};
constexpr rt::View module_1x1{module.offset + 0, 28, 28, 64, module.row, module.pixel};
constexpr rt::View module_3x3{module.offset + 64, 28, 28, 128, module.row, module.pixel};
constexpr rt::View module_5x5{module.offset + 192, 28, 28, 32, module.row, module.pixel};
constexpr rt::View module_pool_proj{module.offset + 224, 28, 28, 32, module.row, module.pixel};
}  // namespace buffers

// Packed weights, in the order in which the steps read them. A convolution's lie in blocks of output channels:
// [block][bias, then window row, window column, input channel][channel of the block].
namespace weights {
constexpr int64_t module_1x1 = 0;
constexpr int64_t module_3x3_reduce = module_1x1 + 2 * (1 + 1 * 1 * 192) * 32;
constexpr int64_t module_5x5_reduce = module_3x3_reduce + 3 * (1 + 1 * 1 * 192) * 32;
constexpr int64_t module_3x3 = module_5x5_reduce + 1 * (1 + 1 * 1 * 192) * 16;
constexpr int64_t module_5x5 = module_3x3 + 4 * (1 + 3 * 3 * 96) * 32;
constexpr int64_t module_pool_proj = module_5x5 + 1 * (1 + 5 * 5 * 16) * 32;
}  // namespace weights
static constexpr int64_t weights_floats = weights::module_pool_proj + 1 * (1 + 1 * 1 * 192) * 32 + 128;
static_assert(weights_floats * sizeof(float) == INCEPTION_REDUCED_WEIGHTS_BYTES);

namespace steps {

// input: the caller's tensor, 28x28x192. inception_reduced.yaml:18
// - copied once: subnormal numbers become zero, and readers find their border
static void input(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View out = buffers::input;
  constexpr int row = out.width * out.channels;  // of the caller's tensor
  for (const int y : rt::rows(task, 0, out.height))
    rt::copy_input(m.input + int64_t{y} * row, row, {m.arena + rt::at(out, y, 0), {out.row, out.pixel}, out.channels},
                   out.width);
}

// module/1x1 + module/3x3_reduce + module/5x5_reduce: 1x1 convolutions of one input in 3 parts, computed together,
// 28x28x192 -> 28x28x(64 | 96 | 16), bias + relu. 26,492,928 multiply-adds. inception_v1.yaml:17,18,19 in
// inception_reduced.yaml:22
// - tile 14x2: rows of 28 pixels = 2 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - tile 28x1: rows of 28 pixels; 28 accumulators + 1 of weights + 1 broadcast of 32 registers
// - rows outermost: 132 KiB of weights, 588 KiB of input
// - writes channels 0..64 of module's 256 in place: no concat runs
static void module_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 2, 28)) {
    const float* block_weights = m.weights + weights::module_1x1 + block * (1 + 1 * 1 * 192) * 32;
    for (int x = 0; x < 28; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                              {m.arena + rt::at(out, y, x) + block * 32, to, 32}, rt::Relu{});
  }
}
static void module_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 56, 3, 28)) {
    const float* block_weights = m.weights + weights::module_3x3_reduce + block * (1 + 1 * 1 * 192) * 32;
    for (int x = 0; x < 28; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                              {m.arena + rt::at(out, y, x) + block * 32, to, 32}, rt::Relu{});
  }
}
static void module_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 140, 1, 28)) {
    const float* block_weights = m.weights + weights::module_5x5_reduce + block * (1 + 1 * 1 * 192) * 16;
    rt::conv_tile<1, 28, 1>(window, m.arena + rt::at(in, y, 0), from, block_weights,
                            {m.arena + rt::at(out, y, 0), to, 16}, rt::Relu{});
  }
}
static void module_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::module_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::module_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  module_1x1(task, m);
  module_3x3_reduce(task, m);
  module_5x5_reduce(task, m);
}

// module/3x3: 3x3 convolution, 28x28x96 -> 28x28x128, bias + relu. 86,704,128 multiply-adds. inception_v1.yaml:18 in
// inception_reduced.yaml:22
// - tile 14x2: rows of 28 pixels = 2 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - rows outermost: 432 KiB of weights, 294 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 288 floats, in the same order
// - writes channels 64..192 of module's 256 in place: no concat runs
static void module_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::module_3x3_reduce, out = buffers::module_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 96, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 4, 28)) {
    const float* block_weights = m.weights + weights::module_3x3 + block * (1 + 3 * 3 * 96) * 32;
    for (int x = 0; x < 28; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                              {m.arena + rt::at(out, y, x) + block * 32, to, 32}, rt::Relu{});
  }
}

// module/5x5: 5x5 convolution, 28x28x16 -> 28x28x32, bias + relu. 10,035,200 multiply-adds. inception_v1.yaml:19 in
// inception_reduced.yaml:22
// - tile 14x2: rows of 28 pixels = 2 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - rows outermost: 50 KiB of weights, 49 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 80 floats, in the same order
// - writes channels 192..224 of module's 256 in place: no concat runs
static void module_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::module_5x5_reduce, out = buffers::module_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 16, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 1, 28)) {
    const float* block_weights = m.weights + weights::module_5x5 + block * (1 + 5 * 5 * 16) * 32;
    for (int x = 0; x < 28; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                              {m.arena + rt::at(out, y, x), to, 32}, rt::Relu{});
  }
}

// module/max_pool: 3x3 max pool, stride 1x1, 28x28x192 -> 28x28x192. inception_v1.yaml:20 in inception_reduced.yaml:22
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void module_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 27, -1, 3, 3}, {27, 28, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 27, -1, 3, 3}, {27, 28, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 192}, across.end - across.begin,
                     rt::None{});
      }
}

// module/pool_proj: 1x1 convolution, 28x28x192 -> 28x28x32, bias + relu. 4,816,896 multiply-adds. inception_v1.yaml:20
// in inception_reduced.yaml:22
// - tile 14x2: rows of 28 pixels = 2 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - rows outermost: 24 KiB of weights, 588 KiB of input
// - writes channels 224..256 of module's 256 in place: no concat runs
static void module_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::module_max_pool, out = buffers::module_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 1, 28)) {
    const float* block_weights = m.weights + weights::module_pool_proj + block * (1 + 1 * 1 * 192) * 32;
    for (int x = 0; x < 28; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                              {m.arena + rt::at(out, y, x), to, 32}, rt::Relu{});
  }
}

}  // namespace steps

static constexpr rt::StepOutput outputs[] = {
  {"input", buffers::input},
  {"module/1x1", buffers::module_1x1},
  {"module/3x3_reduce", buffers::module_3x3_reduce},
  {"module/5x5_reduce", buffers::module_5x5_reduce},
  {"module/3x3", buffers::module_3x3},
  {"module/5x5", buffers::module_5x5},
  {"module/max_pool", buffers::module_max_pool},
  {"module/pool_proj", buffers::module_pool_proj},
  {"module", buffers::module},
};

// Function, units, layers, algorithm, multiply-adds, outputs; where a function is shared, the distance of the weights.
static constexpr rt::Step table[] = {
  {steps::input, 28, "input", "copy", 0, outputs + 0, 1},
  {steps::module_1x1_3x3_reduce_5x5_reduce, 168, "module/1x1+module/3x3_reduce+module/5x5_reduce", "direct 14x2",
   26492928, outputs + 1, 3},
  {steps::module_3x3, 112, "module/3x3", "direct 14x2", 86704128, outputs + 4, 1},
  {steps::module_5x5, 28, "module/5x5", "direct 14x2", 10035200, outputs + 5, 1},
  {steps::module_max_pool, 28, "module/max_pool", "max pool", 0, outputs + 6, 1},
  {steps::module_pool_proj, 28, "module/pool_proj", "direct 14x2", 4816896, outputs + 7, 2},
};

static constexpr rt::Head heads[] = {
  {"main", buffers::module, {}, 5, false},
  {"tap", buffers::module_pool_proj, {}, 5, false},
};

static const rt::Network network = {
  .name = "inception_reduced", .tool_version = "0.1.0",
  .spec_hash = "3bae3b84a88fb097f6bf9e905f2e2fcfd2f8fd1a616cec3590fc15e9bdd0c487",
  .target = "x86-64-v4", .dtype = "f32", .algorithms = "exact",
  .cpu_features = rt::cpu::all(rt::cpu::sse3, rt::cpu::ssse3, rt::cpu::cx16, rt::cpu::sse4_1, rt::cpu::sse4_2,
                               rt::cpu::popcnt, rt::cpu::lahf, rt::cpu::avx, rt::cpu::f16c, rt::cpu::fma,
                               rt::cpu::movbe, rt::cpu::bmi, rt::cpu::avx2, rt::cpu::bmi2, rt::cpu::lzcnt,
                               rt::cpu::avx512f, rt::cpu::avx512dq, rt::cpu::avx512cd, rt::cpu::avx512bw,
                               rt::cpu::avx512vl),
  .height = INCEPTION_REDUCED_INPUT_HEIGHT, .width = INCEPTION_REDUCED_INPUT_WIDTH, .channels = INCEPTION_REDUCED_INPUT_CHANNELS,
  .preprocess = {},
  .arena_bytes = INCEPTION_REDUCED_ARENA_BYTES(1),
  .arena_bytes_per_thread = INCEPTION_REDUCED_ARENA_BYTES(2) - INCEPTION_REDUCED_ARENA_BYTES(1),
  .weights_bytes = INCEPTION_REDUCED_WEIGHTS_BYTES, .max_threads = INCEPTION_REDUCED_MAX_THREADS,
  .steps = table, .step_count = 6, .heads = heads, .head_count = 2,
  .embedded = nullptr, .embedded_end = nullptr,
};

// The C interface; inception_reduced.h says what each function does.
extern "C" {

const void* inception_reduced_network(void);  // for the program and the image library
const void* inception_reduced_network(void) { return &network; }

inception_reduced_status inception_reduced_open(const char* weights_path, inception_reduced_model** out) {
  return rt::open_model(network, weights_path, reinterpret_cast<rt::Model**>(out));
}

inception_reduced_status inception_reduced_open_copy(const char* weights_path, inception_reduced_model** out) {
  return rt::open_copy(network, weights_path, reinterpret_cast<rt::Model**>(out));
}

inception_reduced_status inception_reduced_open_memory(const void* bytes, size_t size, inception_reduced_model** out) {
  return rt::open_memory(network, bytes, size, reinterpret_cast<rt::Model**>(out));
}

void inception_reduced_close(inception_reduced_model* model) {
  rt::close_model(reinterpret_cast<rt::Model*>(model));
}

inception_reduced_status inception_reduced_create(const inception_reduced_model* model,
                                                  const inception_reduced_options* options,
                                                  inception_reduced_context** out) {
  rt::ContextOptions chosen;
  if (options) {
    if (options->threads != 0) chosen.threads = options->threads;
    chosen.arena = options->arena;
    chosen.parallel = options->parallel;
    chosen.user = options->user;
  }
  return rt::create_context(reinterpret_cast<const rt::Model*>(model), &chosen, reinterpret_cast<rt::Context**>(out));
}

void inception_reduced_destroy(inception_reduced_context* context) {
  rt::destroy_context(reinterpret_cast<rt::Context*>(context));
}

void inception_reduced_run(inception_reduced_context* context, const float* input) {
  rt::run(*reinterpret_cast<rt::Context*>(context), input);
}

const float* inception_reduced_output(const inception_reduced_context* context, int head) {
  return rt::output(*reinterpret_cast<const rt::Context*>(context), head);
}

const char* inception_reduced_label(const inception_reduced_model* model, int head, int index) {
  return rt::label(*reinterpret_cast<const rt::Model*>(model), head, index);
}

const char* inception_reduced_message(inception_reduced_status status) {
  return rt::message(status);
}

const char* inception_reduced_version(void) {
  return network.tool_version;
}

}  // extern "C"
