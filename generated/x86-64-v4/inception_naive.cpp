// SPDX-License-Identifier: 0BSD
// This file is yours; see LICENSE-EXCEPTION of deeper.
// inception_naive for x86-64-v4: 224x224x3 -> 224x224x227, 303,464,448 multiply-adds in 5 steps.
// Written by deeper. Tiles, blocks and places suit 32 registers of 16 floats; all distances and offsets are in floats.
// Read it from the bottom: the table of steps is the table of contents, the functions are the steps in order.
#include "inception_naive.h"

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
constexpr rt::View input{12042240 + 2 * 684 + 2 * 3, 224, 224, 3, 228 * 3, 3};
constexpr rt::View module{0, 224, 224, 227, 224 * 240, 240};
constexpr rt::View module_1x1{module.offset + 0, 224, 224, 64, module.row, module.pixel};
constexpr rt::View module_3x3{module.offset + 64, 224, 224, 128, module.row, module.pixel};
constexpr rt::View module_5x5{module.offset + 192, 224, 224, 32, module.row, module.pixel};
constexpr rt::View module_max_pool{module.offset + 224, 224, 224, 3, module.row, module.pixel};
}  // namespace buffers

// Packed weights, in the order in which the steps read them. A convolution's lie in blocks of output channels:
// [block][bias, then window row, window column, input channel][channel of the block].
namespace weights {
constexpr int64_t module_1x1 = 0;
constexpr int64_t module_3x3 = module_1x1 + 2 * (1 + 1 * 1 * 3) * 32;
constexpr int64_t module_5x5 = module_3x3 + 4 * (1 + 3 * 3 * 3) * 32;
}  // namespace weights
static constexpr int64_t weights_floats = weights::module_5x5 + 1 * (1 + 5 * 5 * 3) * 32 + 128;
static_assert(weights_floats * sizeof(float) == INCEPTION_NAIVE_WEIGHTS_BYTES);

namespace steps {

// input: the caller's tensor, 224x224x3. inception_naive.yaml:10
// - copied once: subnormal numbers become zero, and readers find their border
static void input(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::input;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  constexpr rt::View out = buffers::input;
  constexpr int row = out.width * out.channels;  // of the caller's tensor
  for (const int y : rt::rows(task, 0, out.height))
    rt::copy_input(m.input + int64_t{y} * row, row, {m.arena + rt::at(out, y, 0), {out.row, out.pixel}, out.channels},
                   out.width);
}

// module/1x1: 1x1 convolution, 224x224x3 -> 224x224x64, bias + relu. 9,633,792 multiply-adds. inception_v1.yaml:9 in
// inception_naive.yaml:13
// - tile 14x2: rows of 224 pixels = 16 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - rows outermost: 1 KiB of weights, 588 KiB of input
// - writes channels 0..64 of module's 227 in place: no concat runs
static void module_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 3, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 2, 224)) {
    const float* block_weights = m.weights + weights::module_1x1 + block * (1 + 1 * 1 * 3) * 32;
    for (int x = 0; x < 224; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                              {m.arena + rt::at(out, y, x) + block * 32, to, 32}, rt::Relu{});
  }
}

// module/3x3: 3x3 convolution, 224x224x3 -> 224x224x128, bias + relu. 173,408,256 multiply-adds. inception_v1.yaml:10
// in inception_naive.yaml:13
// - tile 14x2: rows of 224 pixels = 16 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - rows outermost: 14 KiB of weights, 588 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 9 floats, in the same order
// - writes channels 64..192 of module's 227 in place: no concat runs
static void module_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 3, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 4, 224)) {
    const float* block_weights = m.weights + weights::module_3x3 + block * (1 + 3 * 3 * 3) * 32;
    for (int x = 0; x < 224; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                              {m.arena + rt::at(out, y, x) + block * 32, to, 32}, rt::Relu{});
  }
}

// module/5x5: 5x5 convolution, 224x224x3 -> 224x224x32, bias + relu. 120,422,400 multiply-adds. inception_v1.yaml:11 in
// inception_naive.yaml:13
// - tile 14x2: rows of 224 pixels = 16 x 14; 28 accumulators + 2 of weights + 1 broadcast of 32 registers
// - rows outermost: 9 KiB of weights, 588 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 15 floats, in the same order
// - writes channels 192..224 of module's 227 in place: no concat runs
static void module_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 3, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 1, 224)) {
    const float* block_weights = m.weights + weights::module_5x5 + block * (1 + 5 * 5 * 3) * 32;
    for (int x = 0; x < 224; x += 14)
      rt::conv_tile<1, 14, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                              {m.arena + rt::at(out, y, x), to, 32}, rt::Relu{});
  }
}

// module/max_pool: 3x3 max pool, stride 1x1, 224x224x3 -> 224x224x3. inception_v1.yaml:12 in inception_naive.yaml:13
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void module_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::module_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 223, -1, 3, 3}, {223, 224, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 223, -1, 3, 3}, {223, 224, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 16}, across.end - across.begin,
                     rt::None{});
      }
}

}  // namespace steps

static constexpr rt::StepOutput outputs[] = {
  {"input", buffers::input},
  {"module/1x1", buffers::module_1x1},
  {"module/3x3", buffers::module_3x3},
  {"module/5x5", buffers::module_5x5},
  {"module/max_pool", buffers::module_max_pool},
  {"module", buffers::module},
};

// Function, units, layers, algorithm, multiply-adds, outputs; where a function is shared, the distance of the weights.
static constexpr rt::Step table[] = {
  {steps::input, 224, "input", "copy", 0, outputs + 0, 1},
  {steps::module_1x1, 448, "module/1x1", "direct 14x2", 9633792, outputs + 1, 1},
  {steps::module_3x3, 896, "module/3x3", "direct 14x2", 173408256, outputs + 2, 1},
  {steps::module_5x5, 224, "module/5x5", "direct 14x2", 120422400, outputs + 3, 1},
  {steps::module_max_pool, 224, "module/max_pool", "max pool", 0, outputs + 4, 2},
};

static constexpr rt::Head heads[] = {
  {"main", buffers::module, {}, 5, false},
};

static const rt::Network network = {
  .name = "inception_naive", .tool_version = "0.1.0",
  .spec_hash = "e8cd72224ad07d1d7f1d9f46ea28f13edb4d504aad8919204a36d5abad6f1709",
  .target = "x86-64-v4", .dtype = "f32", .algorithms = "exact",
  .cpu_features = rt::cpu::all(rt::cpu::sse3, rt::cpu::ssse3, rt::cpu::cx16, rt::cpu::sse4_1, rt::cpu::sse4_2,
                               rt::cpu::popcnt, rt::cpu::lahf, rt::cpu::avx, rt::cpu::f16c, rt::cpu::fma,
                               rt::cpu::movbe, rt::cpu::bmi, rt::cpu::avx2, rt::cpu::bmi2, rt::cpu::lzcnt,
                               rt::cpu::avx512f, rt::cpu::avx512dq, rt::cpu::avx512cd, rt::cpu::avx512bw,
                               rt::cpu::avx512vl),
  .height = INCEPTION_NAIVE_INPUT_HEIGHT, .width = INCEPTION_NAIVE_INPUT_WIDTH, .channels = INCEPTION_NAIVE_INPUT_CHANNELS,
  .preprocess = {},
  .arena_bytes = INCEPTION_NAIVE_ARENA_BYTES(1),
  .arena_bytes_per_thread = INCEPTION_NAIVE_ARENA_BYTES(2) - INCEPTION_NAIVE_ARENA_BYTES(1),
  .weights_bytes = INCEPTION_NAIVE_WEIGHTS_BYTES, .max_threads = INCEPTION_NAIVE_MAX_THREADS,
  .steps = table, .step_count = 5, .heads = heads, .head_count = 1,
  .embedded = nullptr, .embedded_end = nullptr,
};

// The C interface; inception_naive.h says what each function does.
extern "C" {

const void* inception_naive_network(void);  // for the program and the image library
const void* inception_naive_network(void) { return &network; }

inception_naive_status inception_naive_open(const char* weights_path, inception_naive_model** out) {
  return rt::open_model(network, weights_path, reinterpret_cast<rt::Model**>(out));
}

inception_naive_status inception_naive_open_copy(const char* weights_path, inception_naive_model** out) {
  return rt::open_copy(network, weights_path, reinterpret_cast<rt::Model**>(out));
}

inception_naive_status inception_naive_open_memory(const void* bytes, size_t size, inception_naive_model** out) {
  return rt::open_memory(network, bytes, size, reinterpret_cast<rt::Model**>(out));
}

void inception_naive_close(inception_naive_model* model) {
  rt::close_model(reinterpret_cast<rt::Model*>(model));
}

inception_naive_status inception_naive_create(const inception_naive_model* model,
                                              const inception_naive_options* options, inception_naive_context** out) {
  rt::ContextOptions chosen;
  if (options) {
    if (options->threads != 0) chosen.threads = options->threads;
    chosen.arena = options->arena;
    chosen.parallel = options->parallel;
    chosen.user = options->user;
  }
  return rt::create_context(reinterpret_cast<const rt::Model*>(model), &chosen, reinterpret_cast<rt::Context**>(out));
}

void inception_naive_destroy(inception_naive_context* context) {
  rt::destroy_context(reinterpret_cast<rt::Context*>(context));
}

void inception_naive_run(inception_naive_context* context, const float* input) {
  rt::run(*reinterpret_cast<rt::Context*>(context), input);
}

const float* inception_naive_output(const inception_naive_context* context, int head) {
  return rt::output(*reinterpret_cast<const rt::Context*>(context), head);
}

const char* inception_naive_label(const inception_naive_model* model, int head, int index) {
  return rt::label(*reinterpret_cast<const rt::Model*>(model), head, index);
}

const char* inception_naive_message(inception_naive_status status) {
  return rt::message(status);
}

const char* inception_naive_version(void) {
  return network.tool_version;
}

}  // extern "C"
