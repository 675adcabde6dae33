// SPDX-License-Identifier: 0BSD
// This file is yours; see LICENSE-EXCEPTION of deeper.
// googlenet for x86-64-v3: 224x224x3 -> 1x1x1000, 1,582,671,872 multiply-adds in 58 steps.
// Written by deeper. Tiles, blocks and places suit 16 registers of 8 floats; all distances and offsets are in floats.
// Read it from the bottom: the table of steps is the table of contents, the functions are the steps in order.
#include "googlenet.h"

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

static_assert(rt::lanes == 8 && rt::vector_registers >= 16 && rt::fma_instruction,
              "made for x86-64-v3: compile with -march=x86-64-v3 and the other flags of CMakeLists.txt");

// Activations: [height][width][channels] in the arena. Those that are not needed at the same time share memory.
// The offset is that of pixel (0, 0): a zeroed border for windows that reach beyond the map lies around it.
namespace buffers {
// offset, height, width, channels, distance of rows, distance of pixels
constexpr rt::View input{802816 + 3 * 687 + 3 * 3, 224, 224, 3, 229 * 3, 3};
constexpr rt::View conv1{0, 112, 112, 64, 112 * 64, 64};
constexpr rt::View pool1{802816, 56, 56, 64, 56 * 64, 64};
constexpr rt::View norm1{0, 56, 56, 64, 56 * 64, 64};
constexpr rt::View conv2_reduce{602112 + 1 * 3712 + 1 * 64, 56, 56, 64, 58 * 64, 64};
constexpr rt::View conv2{0, 56, 56, 192, 56 * 192, 192};
constexpr rt::View norm2{602112, 56, 56, 192, 56 * 192, 192};
constexpr rt::View pool2{0, 28, 28, 192, 28 * 192, 192};
constexpr rt::View inception_3a_3x3_reduce{150528 + 1 * 2880 + 1 * 96, 28, 28, 96, 30 * 96, 96};
constexpr rt::View inception_3a_5x5_reduce{236928 + 2 * 512 + 2 * 16, 28, 28, 16, 32 * 16, 16};
constexpr rt::View inception_3a_max_pool{150528, 28, 28, 192, 28 * 192, 192};
constexpr rt::View inception_3a{376320, 28, 28, 256, 28 * 256, 256};
constexpr rt::View inception_3b_3x3_reduce{577024 + 1 * 3840 + 1 * 128, 28, 28, 128, 30 * 128, 128};
constexpr rt::View inception_3b_5x5_reduce{692224 + 2 * 1024 + 2 * 32, 28, 28, 32, 32 * 32, 32};
constexpr rt::View inception_3b_max_pool{577024, 28, 28, 256, 28 * 256, 256};
constexpr rt::View inception_3b{0, 28, 28, 480, 28 * 480, 480};
constexpr rt::View pool3{376320, 14, 14, 480, 14 * 480, 480};
constexpr rt::View inception_4a_3x3_reduce{100352 + 1 * 1536 + 1 * 96, 14, 14, 96, 16 * 96, 96};
constexpr rt::View inception_4a_5x5_reduce{124928 + 2 * 288 + 2 * 16, 14, 14, 16, 18 * 16, 16};
constexpr rt::View inception_4a_max_pool{100352, 14, 14, 480, 14 * 480, 480};
constexpr rt::View inception_4a{0, 14, 14, 512, 14 * 512, 512};
constexpr rt::View inception_4b_3x3_reduce{100352 + 1 * 1792 + 1 * 112, 14, 14, 112, 16 * 112, 112};
constexpr rt::View inception_4b_5x5_reduce{129024 + 2 * 432 + 2 * 24, 14, 14, 24, 18 * 24, 24};
constexpr rt::View inception_4b_max_pool{100352, 14, 14, 512, 14 * 512, 512};
constexpr rt::View inception_4b{200704, 14, 14, 512, 14 * 512, 512};
constexpr rt::View inception_4c_3x3_reduce{0 + 1 * 2048 + 1 * 128, 14, 14, 128, 16 * 128, 128};
constexpr rt::View inception_4c_5x5_reduce{32768 + 2 * 432 + 2 * 24, 14, 14, 24, 18 * 24, 24};
constexpr rt::View inception_4c_max_pool{0, 14, 14, 512, 14 * 512, 512};
constexpr rt::View inception_4c{301056, 14, 14, 512, 14 * 512, 512};
constexpr rt::View inception_4d_3x3_reduce{0 + 1 * 2304 + 1 * 144, 14, 14, 144, 16 * 144, 144};
constexpr rt::View inception_4d_5x5_reduce{36864 + 2 * 576 + 2 * 32, 14, 14, 32, 18 * 32, 32};
constexpr rt::View inception_4d_max_pool{0, 14, 14, 512, 14 * 512, 512};
constexpr rt::View inception_4d{163072, 14, 14, 528, 14 * 528, 528};
constexpr rt::View inception_4e_3x3_reduce{266560 + 1 * 2560 + 1 * 160, 14, 14, 160, 16 * 160, 160};
constexpr rt::View inception_4e_5x5_reduce{307520 + 2 * 576 + 2 * 32, 14, 14, 32, 18 * 32, 32};
constexpr rt::View inception_4e_max_pool{266560, 14, 14, 528, 14 * 528, 528};
constexpr rt::View inception_4e{0, 14, 14, 832, 14 * 832, 832};
constexpr rt::View pool4{163072, 7, 7, 832, 7 * 832, 832};
constexpr rt::View inception_5a_3x3_reduce{0 + 1 * 1440 + 1 * 160, 7, 7, 160, 9 * 160, 160};
constexpr rt::View inception_5a_5x5_reduce{12960 + 2 * 352 + 2 * 32, 7, 7, 32, 11 * 32, 32};
constexpr rt::View inception_5a_max_pool{0, 7, 7, 832, 7 * 832, 832};
constexpr rt::View inception_5a{50576, 7, 7, 832, 7 * 832, 832};
constexpr rt::View inception_5b_3x3_reduce{91344 + 1 * 1728 + 1 * 192, 7, 7, 192, 9 * 192, 192};
constexpr rt::View inception_5b_5x5_reduce{106896 + 2 * 528 + 2 * 48, 7, 7, 48, 11 * 48, 48};
constexpr rt::View inception_5b_max_pool{91344, 7, 7, 832, 7 * 832, 832};
constexpr rt::View inception_5b{0, 7, 7, 1024, 7 * 1032, 1032};
constexpr rt::View pool5{50576, 1, 1, 1024, 1 * 1024, 1024};
constexpr rt::View main_classifier{0, 1, 1, 1000, 1 * 1000, 1000};
constexpr rt::View main_softmax{1008, 1, 1, 1000, 1 * 1000, 1000};
constexpr rt::View inception_3a_1x1{inception_3a.offset + 0, 28, 28, 64, inception_3a.row, inception_3a.pixel};
constexpr rt::View inception_3a_3x3{inception_3a.offset + 64, 28, 28, 128, inception_3a.row, inception_3a.pixel};
constexpr rt::View inception_3a_5x5{inception_3a.offset + 192, 28, 28, 32, inception_3a.row, inception_3a.pixel};
constexpr rt::View inception_3a_pool_proj{inception_3a.offset + 224, 28, 28, 32, inception_3a.row, inception_3a.pixel};
constexpr rt::View inception_3b_1x1{inception_3b.offset + 0, 28, 28, 128, inception_3b.row, inception_3b.pixel};
constexpr rt::View inception_3b_3x3{inception_3b.offset + 128, 28, 28, 192, inception_3b.row, inception_3b.pixel};
constexpr rt::View inception_3b_5x5{inception_3b.offset + 320, 28, 28, 96, inception_3b.row, inception_3b.pixel};
constexpr rt::View inception_3b_pool_proj{inception_3b.offset + 416, 28, 28, 64, inception_3b.row, inception_3b.pixel};
constexpr rt::View inception_4a_1x1{inception_4a.offset + 0, 14, 14, 192, inception_4a.row, inception_4a.pixel};
constexpr rt::View inception_4a_3x3{inception_4a.offset + 192, 14, 14, 208, inception_4a.row, inception_4a.pixel};
constexpr rt::View inception_4a_5x5{inception_4a.offset + 400, 14, 14, 48, inception_4a.row, inception_4a.pixel};
constexpr rt::View inception_4a_pool_proj{inception_4a.offset + 448, 14, 14, 64, inception_4a.row, inception_4a.pixel};
constexpr rt::View inception_4b_1x1{inception_4b.offset + 0, 14, 14, 160, inception_4b.row, inception_4b.pixel};
constexpr rt::View inception_4b_3x3{inception_4b.offset + 160, 14, 14, 224, inception_4b.row, inception_4b.pixel};
constexpr rt::View inception_4b_5x5{inception_4b.offset + 384, 14, 14, 64, inception_4b.row, inception_4b.pixel};
constexpr rt::View inception_4b_pool_proj{inception_4b.offset + 448, 14, 14, 64, inception_4b.row, inception_4b.pixel};
constexpr rt::View inception_4c_1x1{inception_4c.offset + 0, 14, 14, 128, inception_4c.row, inception_4c.pixel};
constexpr rt::View inception_4c_3x3{inception_4c.offset + 128, 14, 14, 256, inception_4c.row, inception_4c.pixel};
constexpr rt::View inception_4c_5x5{inception_4c.offset + 384, 14, 14, 64, inception_4c.row, inception_4c.pixel};
constexpr rt::View inception_4c_pool_proj{inception_4c.offset + 448, 14, 14, 64, inception_4c.row, inception_4c.pixel};
constexpr rt::View inception_4d_1x1{inception_4d.offset + 0, 14, 14, 112, inception_4d.row, inception_4d.pixel};
constexpr rt::View inception_4d_3x3{inception_4d.offset + 112, 14, 14, 288, inception_4d.row, inception_4d.pixel};
constexpr rt::View inception_4d_5x5{inception_4d.offset + 400, 14, 14, 64, inception_4d.row, inception_4d.pixel};
constexpr rt::View inception_4d_pool_proj{inception_4d.offset + 464, 14, 14, 64, inception_4d.row, inception_4d.pixel};
constexpr rt::View inception_4e_1x1{inception_4e.offset + 0, 14, 14, 256, inception_4e.row, inception_4e.pixel};
constexpr rt::View inception_4e_3x3{inception_4e.offset + 256, 14, 14, 320, inception_4e.row, inception_4e.pixel};
constexpr rt::View inception_4e_5x5{inception_4e.offset + 576, 14, 14, 128, inception_4e.row, inception_4e.pixel};
constexpr rt::View inception_4e_pool_proj{inception_4e.offset + 704, 14, 14, 128, inception_4e.row, inception_4e.pixel};
constexpr rt::View inception_5a_1x1{inception_5a.offset + 0, 7, 7, 256, inception_5a.row, inception_5a.pixel};
constexpr rt::View inception_5a_3x3{inception_5a.offset + 256, 7, 7, 320, inception_5a.row, inception_5a.pixel};
constexpr rt::View inception_5a_5x5{inception_5a.offset + 576, 7, 7, 128, inception_5a.row, inception_5a.pixel};
constexpr rt::View inception_5a_pool_proj{inception_5a.offset + 704, 7, 7, 128, inception_5a.row, inception_5a.pixel};
constexpr rt::View inception_5b_1x1{inception_5b.offset + 0, 7, 7, 384, inception_5b.row, inception_5b.pixel};
constexpr rt::View inception_5b_3x3{inception_5b.offset + 384, 7, 7, 384, inception_5b.row, inception_5b.pixel};
constexpr rt::View inception_5b_5x5{inception_5b.offset + 768, 7, 7, 128, inception_5b.row, inception_5b.pixel};
constexpr rt::View inception_5b_pool_proj{inception_5b.offset + 896, 7, 7, 128, inception_5b.row, inception_5b.pixel};
}  // namespace buffers

// Packed weights, in the order in which the steps read them. A convolution's lie in blocks of output channels:
// [block][bias, then window row, window column, input channel][channel of the block].
namespace weights {
constexpr int64_t conv1 = 0;
constexpr int64_t conv2_reduce = conv1 + 4 * (1 + 7 * 7 * 3) * 16;
constexpr int64_t conv2 = conv2_reduce + 4 * (1 + 1 * 1 * 64) * 16;
constexpr int64_t inception_3a_1x1 = conv2 + 12 * (1 + 3 * 3 * 64) * 16;
constexpr int64_t inception_3a_3x3_reduce = inception_3a_1x1 + 4 * (1 + 1 * 1 * 192) * 16;
constexpr int64_t inception_3a_5x5_reduce = inception_3a_3x3_reduce + 6 * (1 + 1 * 1 * 192) * 16;
constexpr int64_t inception_3a_3x3 = inception_3a_5x5_reduce + 1 * (1 + 1 * 1 * 192) * 16;
constexpr int64_t inception_3a_5x5 = inception_3a_3x3 + 8 * (1 + 3 * 3 * 96) * 16;
constexpr int64_t inception_3a_pool_proj = inception_3a_5x5 + 2 * (1 + 5 * 5 * 16) * 16;
constexpr int64_t inception_3b_1x1 = inception_3a_pool_proj + 2 * (1 + 1 * 1 * 192) * 16;
constexpr int64_t inception_3b_3x3_reduce = inception_3b_1x1 + 8 * (1 + 1 * 1 * 256) * 16;
constexpr int64_t inception_3b_5x5_reduce = inception_3b_3x3_reduce + 8 * (1 + 1 * 1 * 256) * 16;
constexpr int64_t inception_3b_3x3 = inception_3b_5x5_reduce + 2 * (1 + 1 * 1 * 256) * 16;
constexpr int64_t inception_3b_5x5 = inception_3b_3x3 + 12 * (1 + 3 * 3 * 128) * 16;
constexpr int64_t inception_3b_pool_proj = inception_3b_5x5 + 6 * (1 + 5 * 5 * 32) * 16;
constexpr int64_t inception_4a_1x1 = inception_3b_pool_proj + 4 * (1 + 1 * 1 * 256) * 16;
constexpr int64_t inception_4a_3x3_reduce = inception_4a_1x1 + 12 * (1 + 1 * 1 * 480) * 16;
constexpr int64_t inception_4a_5x5_reduce = inception_4a_3x3_reduce + 6 * (1 + 1 * 1 * 480) * 16;
constexpr int64_t inception_4a_3x3 = inception_4a_5x5_reduce + 1 * (1 + 1 * 1 * 480) * 16;
constexpr int64_t inception_4a_5x5 = inception_4a_3x3 + 13 * (1 + 3 * 3 * 96) * 16;
constexpr int64_t inception_4a_pool_proj = inception_4a_5x5 + 3 * (1 + 5 * 5 * 16) * 16;
constexpr int64_t inception_4b_1x1 = inception_4a_pool_proj + 4 * (1 + 1 * 1 * 480) * 16;
constexpr int64_t inception_4b_3x3_reduce = inception_4b_1x1 + 10 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4b_5x5_reduce = inception_4b_3x3_reduce + 7 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4b_5x5_reduce_2 = inception_4b_5x5_reduce + 1 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4b_3x3 = inception_4b_5x5_reduce_2 + 1 * (1 + 1 * 1 * 512) * 8;
constexpr int64_t inception_4b_5x5 = inception_4b_3x3 + 14 * (1 + 3 * 3 * 112) * 16;
constexpr int64_t inception_4b_pool_proj = inception_4b_5x5 + 4 * (1 + 5 * 5 * 24) * 16;
constexpr int64_t inception_4c_1x1 = inception_4b_pool_proj + 4 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4c_3x3_reduce = inception_4c_1x1 + 8 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4c_5x5_reduce = inception_4c_3x3_reduce + 8 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4c_5x5_reduce_2 = inception_4c_5x5_reduce + 1 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4c_3x3 = inception_4c_5x5_reduce_2 + 1 * (1 + 1 * 1 * 512) * 8;
constexpr int64_t inception_4c_5x5 = inception_4c_3x3 + 16 * (1 + 3 * 3 * 128) * 16;
constexpr int64_t inception_4c_pool_proj = inception_4c_5x5 + 4 * (1 + 5 * 5 * 24) * 16;
constexpr int64_t inception_4d_1x1 = inception_4c_pool_proj + 4 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4d_3x3_reduce = inception_4d_1x1 + 7 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4d_5x5_reduce = inception_4d_3x3_reduce + 9 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4d_3x3 = inception_4d_5x5_reduce + 2 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4d_5x5 = inception_4d_3x3 + 18 * (1 + 3 * 3 * 144) * 16;
constexpr int64_t inception_4d_pool_proj = inception_4d_5x5 + 4 * (1 + 5 * 5 * 32) * 16;
constexpr int64_t inception_4e_1x1 = inception_4d_pool_proj + 4 * (1 + 1 * 1 * 512) * 16;
constexpr int64_t inception_4e_3x3_reduce = inception_4e_1x1 + 16 * (1 + 1 * 1 * 528) * 16;
constexpr int64_t inception_4e_5x5_reduce = inception_4e_3x3_reduce + 10 * (1 + 1 * 1 * 528) * 16;
constexpr int64_t inception_4e_3x3 = inception_4e_5x5_reduce + 2 * (1 + 1 * 1 * 528) * 16;
constexpr int64_t inception_4e_5x5 = inception_4e_3x3 + 20 * (1 + 3 * 3 * 160) * 16;
constexpr int64_t inception_4e_pool_proj = inception_4e_5x5 + 8 * (1 + 5 * 5 * 32) * 16;
constexpr int64_t inception_5a_1x1 = inception_4e_pool_proj + 8 * (1 + 1 * 1 * 528) * 16;
constexpr int64_t inception_5a_3x3_reduce = inception_5a_1x1 + 16 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5a_5x5_reduce = inception_5a_3x3_reduce + 10 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5a_3x3 = inception_5a_5x5_reduce + 2 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5a_5x5 = inception_5a_3x3 + 20 * (1 + 3 * 3 * 160) * 16;
constexpr int64_t inception_5a_pool_proj = inception_5a_5x5 + 8 * (1 + 5 * 5 * 32) * 16;
constexpr int64_t inception_5b_1x1 = inception_5a_pool_proj + 8 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5b_3x3_reduce = inception_5b_1x1 + 24 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5b_5x5_reduce = inception_5b_3x3_reduce + 12 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5b_3x3 = inception_5b_5x5_reduce + 3 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t inception_5b_5x5 = inception_5b_3x3 + 24 * (1 + 3 * 3 * 192) * 16;
constexpr int64_t inception_5b_pool_proj = inception_5b_5x5 + 8 * (1 + 5 * 5 * 48) * 16;
constexpr int64_t main_classifier = inception_5b_pool_proj + 8 * (1 + 1 * 1 * 832) * 16;
constexpr int64_t main_classifier_2 = main_classifier + 15 * (1 + 1 * 1 * 1024) * 64;
}  // namespace weights
static constexpr int64_t weights_floats = weights::main_classifier_2 + 1 * (1 + 1 * 1 * 1024) * 40 + 128;
static_assert(weights_floats * sizeof(float) == GOOGLENET_WEIGHTS_BYTES);

namespace steps {

// input: the caller's tensor, 224x224x3. googlenet.yaml:11
// - copied once: subnormal numbers become zero, and readers find their border
static void input(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::input;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 3, 3, 2, 2);
  }
  constexpr rt::View out = buffers::input;
  constexpr int row = out.width * out.channels;  // of the caller's tensor
  for (const int y : rt::rows(task, 0, out.height))
    rt::copy_input(m.input + int64_t{y} * row, row, {m.arena + rt::at(out, y, 0), {out.row, out.pixel}, out.channels},
                   out.width);
}

// conv1: 7x7 convolution, stride 2x2, 224x224x3 -> 112x112x64, bias + relu. 118,013,952 multiply-adds.
// googlenet.yaml:17
// - tile 6x2: rows of 112 pixels = 17 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 37 KiB of weights, 588 KiB of input
// - no bounds checks: the input has a zeroed border of 3, 3, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 7 runs of 21 floats, in the same order
static void conv1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::input, out = buffers::conv1;
  constexpr rt::ConvWindow window{.rows = 7, .columns = 1, .channels = 7 * 3, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{2 * in.row, 2 * in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 4, 112)) {
    const float* block_weights = m.weights + weights::conv1 + block * (1 + 7 * 7 * 3) * 16;
    for (int x = 0; x < 102; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 2 * y - 3, 2 * x - 3), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 102; x < 112; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 2 * y - 3, 2 * x - 3), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// pool1: 3x3 max pool, stride 2x2, 112x112x64 -> 56x56x64. googlenet.yaml:18
// - no border and no bounds checks: 2 kinds of rows and 2 of columns, edges apart from the interior
static void pool1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::conv1, out = buffers::pool1;
  static constexpr rt::PoolSpan rows[] = {{0, 55, 0, 3, 3}, {55, 56, 0, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 55, 0, 3, 3}, {55, 56, 0, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, 2 * y + down.first, 2 * across.begin + across.first), 2 * in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 64}, across.end - across.begin,
                     rt::None{});
      }
}

// norm1: local response normalisation over 5 channels, 56x56x64. googlenet.yaml:19
// - power 0.75 by IEEE square roots and one division: the same bits everywhere, and faster than a polynomial
static void norm1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool1, out = buffers::norm1;
  for (const int y : rt::rows(task, 0, 56))
    rt::lrn({5, 2, 2e-05f, 0.75f, 1.0f}, m.arena + rt::at(in, y, 0), in.pixel,
            {m.arena + rt::at(out, y, 0), {out.row, out.pixel}, 64}, out.width, rt::PowThreeQuarters{});
}

// conv2_reduce: 1x1 convolution, 56x56x64 -> 56x56x64, bias + relu. 12,845,056 multiply-adds. googlenet.yaml:20
// - tile 6x2: rows of 56 pixels = 6 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 16 KiB of weights, 784 KiB of input
static void conv2_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::conv2_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  constexpr rt::View in = buffers::norm1, out = buffers::conv2_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 64, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 4, 56)) {
    const float* block_weights = m.weights + weights::conv2_reduce + block * (1 + 1 * 1 * 64) * 16;
    for (int x = 0; x < 36; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 36; x < 56; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// conv2: 3x3 convolution, 56x56x64 -> 56x56x192, bias + relu. 346,816,512 multiply-adds. googlenet.yaml:21
// - tile 6x2: rows of 56 pixels = 6 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 432 KiB of weights, 784 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 192 floats, in the same order
static void conv2(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::conv2_reduce, out = buffers::conv2;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 64, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 12, 56)) {
    const float* block_weights = m.weights + weights::conv2 + block * (1 + 3 * 3 * 64) * 16;
    for (int x = 0; x < 36; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 36; x < 56; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// norm2: local response normalisation over 5 channels, 56x56x192. googlenet.yaml:22
// - power 0.75 by IEEE square roots and one division: the same bits everywhere, and faster than a polynomial
static void norm2(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::conv2, out = buffers::norm2;
  for (const int y : rt::rows(task, 0, 56))
    rt::lrn({5, 2, 2e-05f, 0.75f, 1.0f}, m.arena + rt::at(in, y, 0), in.pixel,
            {m.arena + rt::at(out, y, 0), {out.row, out.pixel}, 192}, out.width, rt::PowThreeQuarters{});
}

// pool2: 3x3 max pool, stride 2x2, 56x56x192 -> 28x28x192. googlenet.yaml:23
// - no border and no bounds checks: 2 kinds of rows and 2 of columns, edges apart from the interior
static void pool2(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::norm2, out = buffers::pool2;
  static constexpr rt::PoolSpan rows[] = {{0, 27, 0, 3, 3}, {27, 28, 0, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 27, 0, 3, 3}, {27, 28, 0, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, 2 * y + down.first, 2 * across.begin + across.first), 2 * in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 192}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_3a/1x1 + inception_3a/3x3_reduce + inception_3a/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 28x28x192 -> 28x28x(64 | 96 | 16), bias + relu. 26,492,928 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:25
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 6x2: rows of 28 pixels = 3 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 132 KiB of weights, 588 KiB of input
// - writes channels 0..64 of inception_3a's 256 in place: no concat runs
static void inception_3a_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool2, out = buffers::inception_3a_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 4, 8)) {
    const float* block_weights = m.weights + weights::inception_3a_1x1 + block * (1 + 1 * 1 * 192) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_3a_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool2, out = buffers::inception_3a_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 32, 6, 28)) {
    const float* block_weights = m.weights + weights::inception_3a_3x3_reduce + block * (1 + 1 * 1 * 192) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_3a_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool2, out = buffers::inception_3a_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 200, 1, 28)) {
    const float* block_weights = m.weights + weights::inception_3a_5x5_reduce + block * (1 + 1 * 1 * 192) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x), to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x), to, 16}, rt::Relu{});
  }
}
static void inception_3a_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_3a_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_3a_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_3a_1x1(task, m);
  inception_3a_3x3_reduce(task, m);
  inception_3a_5x5_reduce(task, m);
}

// inception_3a/3x3: 3x3 convolution, 28x28x96 -> 28x28x128, bias + relu. 86,704,128 multiply-adds. inception_v1.yaml:18
// in googlenet.yaml:25
// - tile 6x2: rows of 28 pixels = 3 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 432 KiB of weights, 294 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 288 floats, in the same order
// - writes channels 64..192 of inception_3a's 256 in place: no concat runs
static void inception_3a_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a_3x3_reduce, out = buffers::inception_3a_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 96, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 8, 28)) {
    const float* block_weights = m.weights + weights::inception_3a_3x3 + block * (1 + 3 * 3 * 96) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_3a/5x5: 5x5 convolution, 28x28x16 -> 28x28x32, bias + relu. 10,035,200 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:25
// - tile 6x2: rows of 28 pixels = 3 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 50 KiB of weights, 49 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 80 floats, in the same order
// - writes channels 192..224 of inception_3a's 256 in place: no concat runs
static void inception_3a_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a_5x5_reduce, out = buffers::inception_3a_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 16, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 2, 28)) {
    const float* block_weights = m.weights + weights::inception_3a_5x5 + block * (1 + 5 * 5 * 16) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_3a/max_pool: 3x3 max pool, stride 1x1, 28x28x192 -> 28x28x192. inception_v1.yaml:20 in googlenet.yaml:25
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_3a_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool2, out = buffers::inception_3a_max_pool;
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

// inception_3a/pool_proj: 1x1 convolution, 28x28x192 -> 28x28x32, bias + relu. 4,816,896 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:25
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - rows outermost: 24 KiB of weights, 588 KiB of input
// - writes channels 224..256 of inception_3a's 256 in place: no concat runs
static void inception_3a_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a_max_pool, out = buffers::inception_3a_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 2, 8)) {
    const float* block_weights = m.weights + weights::inception_3a_pool_proj + block * (1 + 1 * 1 * 192) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_3b/1x1 + inception_3b/3x3_reduce + inception_3b/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 28x28x256 -> 28x28x(128 | 128 | 32), bias + relu. 57,802,752 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:26
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 6x2: rows of 28 pixels = 3 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 289 KiB of weights, 784 KiB of input
// - writes channels 0..128 of inception_3b's 480 in place: no concat runs
static void inception_3b_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a, out = buffers::inception_3b_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 256, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 8, 8)) {
    const float* block_weights = m.weights + weights::inception_3b_1x1 + block * (1 + 1 * 1 * 256) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_3b_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a, out = buffers::inception_3b_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 256, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 64, 8, 28)) {
    const float* block_weights = m.weights + weights::inception_3b_3x3_reduce + block * (1 + 1 * 1 * 256) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_3b_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a, out = buffers::inception_3b_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 256, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 288, 2, 28)) {
    const float* block_weights = m.weights + weights::inception_3b_5x5_reduce + block * (1 + 1 * 1 * 256) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_3b_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_3b_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_3b_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_3b_1x1(task, m);
  inception_3b_3x3_reduce(task, m);
  inception_3b_5x5_reduce(task, m);
}

// inception_3b/3x3: 3x3 convolution, 28x28x128 -> 28x28x192, bias + relu. 173,408,256 multiply-adds.
// inception_v1.yaml:18 in googlenet.yaml:26
// - tile 6x2: rows of 28 pixels = 3 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 864 KiB of weights, 392 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 384 floats, in the same order
// - writes channels 128..320 of inception_3b's 480 in place: no concat runs
static void inception_3b_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3b_3x3_reduce, out = buffers::inception_3b_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 128, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 12, 28)) {
    const float* block_weights = m.weights + weights::inception_3b_3x3 + block * (1 + 3 * 3 * 128) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_3b/5x5: 5x5 convolution, 28x28x32 -> 28x28x96, bias + relu. 60,211,200 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:26
// - tile 6x2: rows of 28 pixels = 3 x 6 + 2 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16 registers
// - rows outermost: 300 KiB of weights, 98 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 160 floats, in the same order
// - writes channels 320..416 of inception_3b's 480 in place: no concat runs
static void inception_3b_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3b_5x5_reduce, out = buffers::inception_3b_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 32, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 6, 28)) {
    const float* block_weights = m.weights + weights::inception_3b_5x5 + block * (1 + 5 * 5 * 32) * 16;
    for (int x = 0; x < 18; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 18; x < 28; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_3b/max_pool: 3x3 max pool, stride 1x1, 28x28x256 -> 28x28x256. inception_v1.yaml:20 in googlenet.yaml:26
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_3b_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3a, out = buffers::inception_3b_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 27, -1, 3, 3}, {27, 28, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 27, -1, 3, 3}, {27, 28, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 256}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_3b/pool_proj: 1x1 convolution, 28x28x256 -> 28x28x64, bias + relu. 12,845,056 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:26
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - rows outermost: 64 KiB of weights, 784 KiB of input
// - writes channels 416..480 of inception_3b's 480 in place: no concat runs
static void inception_3b_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3b_max_pool, out = buffers::inception_3b_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 256, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::rows_outer(task, 0, 4, 8)) {
    const float* block_weights = m.weights + weights::inception_3b_pool_proj + block * (1 + 1 * 1 * 256) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// pool3: 3x3 max pool, stride 2x2, 28x28x480 -> 14x14x480. googlenet.yaml:27
// - no border and no bounds checks: 2 kinds of rows and 2 of columns, edges apart from the interior
static void pool3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_3b, out = buffers::pool3;
  static constexpr rt::PoolSpan rows[] = {{0, 13, 0, 3, 3}, {13, 14, 0, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 13, 0, 3, 3}, {13, 14, 0, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, 2 * y + down.first, 2 * across.begin + across.first), 2 * in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 480}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_4a/1x1 + inception_4a/3x3_reduce + inception_4a/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 14x14x480 -> 14x14x(192 | 96 | 16), bias + relu. 28,600,320 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:28
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 571 KiB of weights, 367 KiB of input
// - writes channels 0..192 of inception_4a's 512 in place: no concat runs
static void inception_4a_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool3, out = buffers::inception_4a_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 480, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 12, 2)) {
    const float* block_weights = m.weights + weights::inception_4a_1x1 + block * (1 + 1 * 1 * 480) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4a_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool3, out = buffers::inception_4a_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 480, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 24, 6, 14)) {
    const float* block_weights = m.weights + weights::inception_4a_3x3_reduce + block * (1 + 1 * 1 * 480) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4a_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool3, out = buffers::inception_4a_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 480, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 108, 1, 14)) {
    const float* block_weights = m.weights + weights::inception_4a_5x5_reduce + block * (1 + 1 * 1 * 480) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x), to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10), to, 16}, rt::Relu{});
  }
}
static void inception_4a_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4a_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4a_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_4a_1x1(task, m);
  inception_4a_3x3_reduce(task, m);
  inception_4a_5x5_reduce(task, m);
}

// inception_4a/3x3: 3x3 convolution, 14x14x96 -> 14x14x208, bias + relu. 35,223,552 multiply-adds. inception_v1.yaml:18
// in googlenet.yaml:28
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 702 KiB of weights, 73 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 288 floats, in the same order
// - writes channels 192..400 of inception_4a's 512 in place: no concat runs
static void inception_4a_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a_3x3_reduce, out = buffers::inception_4a_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 96, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 13, 14)) {
    const float* block_weights = m.weights + weights::inception_4a_3x3 + block * (1 + 3 * 3 * 96) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, 9), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4a/5x5: 5x5 convolution, 14x14x16 -> 14x14x48, bias + relu. 3,763,200 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:28
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 75 KiB of weights, 12 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 80 floats, in the same order
// - writes channels 400..448 of inception_4a's 512 in place: no concat runs
static void inception_4a_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a_5x5_reduce, out = buffers::inception_4a_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 16, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 3, 14)) {
    const float* block_weights = m.weights + weights::inception_4a_5x5 + block * (1 + 5 * 5 * 16) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, 8), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4a/max_pool: 3x3 max pool, stride 1x1, 14x14x480 -> 14x14x480. inception_v1.yaml:20 in googlenet.yaml:28
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_4a_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool3, out = buffers::inception_4a_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 480}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_4a/pool_proj: 1x1 convolution, 14x14x480 -> 14x14x64, bias + relu. 6,021,120 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:28
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 120 KiB of weights, 367 KiB of input
// - writes channels 448..512 of inception_4a's 512 in place: no concat runs
static void inception_4a_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a_max_pool, out = buffers::inception_4a_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 480, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 2)) {
    const float* block_weights = m.weights + weights::inception_4a_pool_proj + block * (1 + 1 * 1 * 480) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4b/1x1 + inception_4b/3x3_reduce + inception_4b/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 14x14x512 -> 14x14x(160 | 112 | 24), bias + relu. 29,704,192 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:29
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - tile 7x1: rows of 14 pixels = 2 x 7; 7 accumulators + 1 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 593 KiB of weights, 392 KiB of input
// - writes channels 0..160 of inception_4b's 512 in place: no concat runs
static void inception_4b_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a, out = buffers::inception_4b_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 10, 2)) {
    const float* block_weights = m.weights + weights::inception_4b_1x1 + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4b_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a, out = buffers::inception_4b_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 20, 7, 14)) {
    const float* block_weights = m.weights + weights::inception_4b_3x3_reduce + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4b_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a, out = buffers::inception_4b_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 118, 1, 14)) {
    const float* block_weights = m.weights + weights::inception_4b_5x5_reduce + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x), to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10), to, 16}, rt::Relu{});
  }
  // The last 8 channels.
  for (const auto [block, y] : rt::blocks_outer(task, 132, 1, 14)) {
    const float* block_weights = m.weights + weights::inception_4b_5x5_reduce_2 + block * (1 + 1 * 1 * 512) * 8;
    for (int x = 0; x < 14; x += 7)
      rt::conv_tile<1, 7, 1>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + 16, to, 8}, rt::Relu{});
  }
}
static void inception_4b_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4b_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4b_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_4b_1x1(task, m);
  inception_4b_3x3_reduce(task, m);
  inception_4b_5x5_reduce(task, m);
}

// inception_4b/3x3: 3x3 convolution, 14x14x112 -> 14x14x224, bias + relu. 44,255,232 multiply-adds.
// inception_v1.yaml:18 in googlenet.yaml:29
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 882 KiB of weights, 85 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 336 floats, in the same order
// - writes channels 160..384 of inception_4b's 512 in place: no concat runs
static void inception_4b_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b_3x3_reduce, out = buffers::inception_4b_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 112, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 14, 14)) {
    const float* block_weights = m.weights + weights::inception_4b_3x3 + block * (1 + 3 * 3 * 112) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, 9), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4b/5x5: 5x5 convolution, 14x14x24 -> 14x14x64, bias + relu. 7,526,400 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:29
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 150 KiB of weights, 18 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 120 floats, in the same order
// - writes channels 384..448 of inception_4b's 512 in place: no concat runs
static void inception_4b_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b_5x5_reduce, out = buffers::inception_4b_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 24, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 14)) {
    const float* block_weights = m.weights + weights::inception_4b_5x5 + block * (1 + 5 * 5 * 24) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, 8), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4b/max_pool: 3x3 max pool, stride 1x1, 14x14x512 -> 14x14x512. inception_v1.yaml:20 in googlenet.yaml:29
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_4b_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4a, out = buffers::inception_4b_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 512}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_4b/pool_proj: 1x1 convolution, 14x14x512 -> 14x14x64, bias + relu. 6,422,528 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:29
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 128 KiB of weights, 392 KiB of input
// - writes channels 448..512 of inception_4b's 512 in place: no concat runs
static void inception_4b_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b_max_pool, out = buffers::inception_4b_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 2)) {
    const float* block_weights = m.weights + weights::inception_4b_pool_proj + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4c/1x1 + inception_4c/3x3_reduce + inception_4c/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 14x14x512 -> 14x14x(128 | 128 | 24), bias + relu. 28,098,560 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:30
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - tile 7x1: rows of 14 pixels = 2 x 7; 7 accumulators + 1 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 561 KiB of weights, 392 KiB of input
// - writes channels 0..128 of inception_4c's 512 in place: no concat runs
static void inception_4c_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b, out = buffers::inception_4c_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 8, 2)) {
    const float* block_weights = m.weights + weights::inception_4c_1x1 + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4c_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b, out = buffers::inception_4c_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 16, 8, 14)) {
    const float* block_weights = m.weights + weights::inception_4c_3x3_reduce + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4c_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b, out = buffers::inception_4c_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 128, 1, 14)) {
    const float* block_weights = m.weights + weights::inception_4c_5x5_reduce + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x), to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10), to, 16}, rt::Relu{});
  }
  // The last 8 channels.
  for (const auto [block, y] : rt::blocks_outer(task, 142, 1, 14)) {
    const float* block_weights = m.weights + weights::inception_4c_5x5_reduce_2 + block * (1 + 1 * 1 * 512) * 8;
    for (int x = 0; x < 14; x += 7)
      rt::conv_tile<1, 7, 1>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + 16, to, 8}, rt::Relu{});
  }
}
static void inception_4c_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4c_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4c_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_4c_1x1(task, m);
  inception_4c_3x3_reduce(task, m);
  inception_4c_5x5_reduce(task, m);
}

// inception_4c/3x3: 3x3 convolution, 14x14x128 -> 14x14x256, bias + relu. 57,802,752 multiply-adds.
// inception_v1.yaml:18 in googlenet.yaml:30
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 1153 KiB of weights, 98 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 384 floats, in the same order
// - writes channels 128..384 of inception_4c's 512 in place: no concat runs
static void inception_4c_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c_3x3_reduce, out = buffers::inception_4c_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 128, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 16, 14)) {
    const float* block_weights = m.weights + weights::inception_4c_3x3 + block * (1 + 3 * 3 * 128) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, 9), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4c/5x5: 5x5 convolution, 14x14x24 -> 14x14x64, bias + relu. 7,526,400 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:30
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 150 KiB of weights, 18 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 120 floats, in the same order
// - writes channels 384..448 of inception_4c's 512 in place: no concat runs
static void inception_4c_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c_5x5_reduce, out = buffers::inception_4c_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 24, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 14)) {
    const float* block_weights = m.weights + weights::inception_4c_5x5 + block * (1 + 5 * 5 * 24) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, 8), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4c/max_pool: 3x3 max pool, stride 1x1, 14x14x512 -> 14x14x512. inception_v1.yaml:20 in googlenet.yaml:30
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_4c_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4b, out = buffers::inception_4c_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 512}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_4c/pool_proj: 1x1 convolution, 14x14x512 -> 14x14x64, bias + relu. 6,422,528 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:30
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 128 KiB of weights, 392 KiB of input
// - writes channels 448..512 of inception_4c's 512 in place: no concat runs
static void inception_4c_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c_max_pool, out = buffers::inception_4c_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 2)) {
    const float* block_weights = m.weights + weights::inception_4c_pool_proj + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4d/1x1 + inception_4d/3x3_reduce + inception_4d/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 14x14x512 -> 14x14x(112 | 144 | 32), bias + relu. 28,901,376 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:31
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 577 KiB of weights, 392 KiB of input
// - writes channels 0..112 of inception_4d's 528 in place: no concat runs
static void inception_4d_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c, out = buffers::inception_4d_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 7, 2)) {
    const float* block_weights = m.weights + weights::inception_4d_1x1 + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4d_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c, out = buffers::inception_4d_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 14, 9, 14)) {
    const float* block_weights = m.weights + weights::inception_4d_3x3_reduce + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4d_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c, out = buffers::inception_4d_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 140, 2, 14)) {
    const float* block_weights = m.weights + weights::inception_4d_5x5_reduce + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4d_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4d_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4d_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_4d_1x1(task, m);
  inception_4d_3x3_reduce(task, m);
  inception_4d_5x5_reduce(task, m);
}

// inception_4d/3x3: 3x3 convolution, 14x14x144 -> 14x14x288, bias + relu. 73,156,608 multiply-adds.
// inception_v1.yaml:18 in googlenet.yaml:31
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 1459 KiB of weights, 110 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 432 floats, in the same order
// - writes channels 112..400 of inception_4d's 528 in place: no concat runs
static void inception_4d_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d_3x3_reduce, out = buffers::inception_4d_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 144, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 18, 14)) {
    const float* block_weights = m.weights + weights::inception_4d_3x3 + block * (1 + 3 * 3 * 144) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, 9), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4d/5x5: 5x5 convolution, 14x14x32 -> 14x14x64, bias + relu. 10,035,200 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:31
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 200 KiB of weights, 24 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 160 floats, in the same order
// - writes channels 400..464 of inception_4d's 528 in place: no concat runs
static void inception_4d_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d_5x5_reduce, out = buffers::inception_4d_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 32, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 14)) {
    const float* block_weights = m.weights + weights::inception_4d_5x5 + block * (1 + 5 * 5 * 32) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, 8), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4d/max_pool: 3x3 max pool, stride 1x1, 14x14x512 -> 14x14x512. inception_v1.yaml:20 in googlenet.yaml:31
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_4d_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4c, out = buffers::inception_4d_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 512}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_4d/pool_proj: 1x1 convolution, 14x14x512 -> 14x14x64, bias + relu. 6,422,528 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:31
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 128 KiB of weights, 392 KiB of input
// - writes channels 464..528 of inception_4d's 528 in place: no concat runs
static void inception_4d_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d_max_pool, out = buffers::inception_4d_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 512, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 4, 2)) {
    const float* block_weights = m.weights + weights::inception_4d_pool_proj + block * (1 + 1 * 1 * 512) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4e/1x1 + inception_4e/3x3_reduce + inception_4e/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 14x14x528 -> 14x14x(256 | 160 | 32), bias + relu. 46,362,624 multiply-adds.
// inception_v1.yaml:17,18,19 in googlenet.yaml:32
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 925 KiB of weights, 404 KiB of input
// - writes channels 0..256 of inception_4e's 832 in place: no concat runs
static void inception_4e_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d, out = buffers::inception_4e_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 528, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 16, 2)) {
    const float* block_weights = m.weights + weights::inception_4e_1x1 + block * (1 + 1 * 1 * 528) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4e_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d, out = buffers::inception_4e_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 528, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 32, 10, 14)) {
    const float* block_weights = m.weights + weights::inception_4e_3x3_reduce + block * (1 + 1 * 1 * 528) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4e_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d, out = buffers::inception_4e_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 528, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 172, 2, 14)) {
    const float* block_weights = m.weights + weights::inception_4e_5x5_reduce + block * (1 + 1 * 1 * 528) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y, x), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 10), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_4e_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4e_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_4e_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_4e_1x1(task, m);
  inception_4e_3x3_reduce(task, m);
  inception_4e_5x5_reduce(task, m);
}

// inception_4e/3x3: 3x3 convolution, 14x14x160 -> 14x14x320, bias + relu. 90,316,800 multiply-adds.
// inception_v1.yaml:18 in googlenet.yaml:32
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 1801 KiB of weights, 122 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 480 floats, in the same order
// - writes channels 256..576 of inception_4e's 832 in place: no concat runs
static void inception_4e_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4e_3x3_reduce, out = buffers::inception_4e_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 160, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 20, 14)) {
    const float* block_weights = m.weights + weights::inception_4e_3x3 + block * (1 + 3 * 3 * 160) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 1, x - 1), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, 9), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4e/5x5: 5x5 convolution, 14x14x32 -> 14x14x128, bias + relu. 20,070,400 multiply-adds. inception_v1.yaml:19
// in googlenet.yaml:32
// - tile 5x2: rows of 14 pixels = 2 x 5 + 4; 10 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 400 KiB of weights, 24 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 160 floats, in the same order
// - writes channels 576..704 of inception_4e's 832 in place: no concat runs
static void inception_4e_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4e_5x5_reduce, out = buffers::inception_4e_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 32, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 8, 14)) {
    const float* block_weights = m.weights + weights::inception_4e_5x5 + block * (1 + 5 * 5 * 32) * 16;
    for (int x = 0; x < 10; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, y - 2, x - 2), from, block_weights,
                             {m.arena + rt::at(out, y, x) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, 8), from, block_weights,
                           {m.arena + rt::at(out, y, 10) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_4e/max_pool: 3x3 max pool, stride 1x1, 14x14x528 -> 14x14x528. inception_v1.yaml:20 in googlenet.yaml:32
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_4e_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4d, out = buffers::inception_4e_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 13, -1, 3, 3}, {13, 14, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 528}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_4e/pool_proj: 1x1 convolution, 14x14x528 -> 14x14x128, bias + relu. 13,246,464 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:32
// - tile 6x2: the map as rows of 98 pixels = 13 x 6 + 4 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 264 KiB of weights, 404 KiB of input
// - writes channels 704..832 of inception_4e's 832 in place: no concat runs
static void inception_4e_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4e_max_pool, out = buffers::inception_4e_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 528, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 8, 2)) {
    const float* block_weights = m.weights + weights::inception_4e_pool_proj + block * (1 + 1 * 1 * 528) * 16;
    for (int x = 0; x < 78; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 78; x < 98; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, y * 98 + x), from, block_weights,
                             {m.arena + rt::at(out, 0, y * 98 + x) + block * 16, to, 16}, rt::Relu{});
  }
}

// pool4: 3x3 max pool, stride 2x2, 14x14x832 -> 7x7x832. googlenet.yaml:33
// - no border and no bounds checks: 2 kinds of rows and 2 of columns, edges apart from the interior
static void pool4(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_4e, out = buffers::pool4;
  static constexpr rt::PoolSpan rows[] = {{0, 6, 0, 3, 3}, {6, 7, 0, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 6, 0, 3, 3}, {6, 7, 0, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, 2 * y + down.first, 2 * across.begin + across.first), 2 * in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 832}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_5a/1x1 + inception_5a/3x3_reduce + inception_5a/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 7x7x832 -> 7x7x(256 | 160 | 32), bias + relu. 18,264,064 multiply-adds. inception_v1.yaml:17,18,19
// in googlenet.yaml:34
// - tile 6x2: the map's 49 pixels as one row = 4 x 6 + 5 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 4x2: rows of 7 pixels = 4 + 3; 8 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 1457 KiB of weights, 159 KiB of input
// - writes channels 0..256 of inception_5a's 832 in place: no concat runs
static void inception_5a_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool4, out = buffers::inception_5a_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, all_rows] : rt::blocks_outer(task, 0, 16, 1)) {
    const float* block_weights = m.weights + weights::inception_5a_1x1 + block * (1 + 1 * 1 * 832) * 16;
    for (int x = 0; x < 24; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 24; x < 49; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_5a_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool4, out = buffers::inception_5a_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 16, 10, 7)) {
    const float* block_weights = m.weights + weights::inception_5a_3x3_reduce + block * (1 + 1 * 1 * 832) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 0), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y, 4), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_5a_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool4, out = buffers::inception_5a_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 86, 2, 7)) {
    const float* block_weights = m.weights + weights::inception_5a_5x5_reduce + block * (1 + 1 * 1 * 832) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 0), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y, 4), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_5a_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_5a_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_5a_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_5a_1x1(task, m);
  inception_5a_3x3_reduce(task, m);
  inception_5a_5x5_reduce(task, m);
}

// inception_5a/3x3: 3x3 convolution, 7x7x160 -> 7x7x320, bias + relu. 22,579,200 multiply-adds. inception_v1.yaml:18 in
// googlenet.yaml:34
// - tile 4x2: rows of 7 pixels = 4 + 3; 8 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 1801 KiB of weights, 30 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 480 floats, in the same order
// - writes channels 256..576 of inception_5a's 832 in place: no concat runs
static void inception_5a_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a_3x3_reduce, out = buffers::inception_5a_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 160, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 20, 7)) {
    const float* block_weights = m.weights + weights::inception_5a_3x3 + block * (1 + 3 * 3 * 160) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, -1), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y - 1, 3), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_5a/5x5: 5x5 convolution, 7x7x32 -> 7x7x128, bias + relu. 5,017,600 multiply-adds. inception_v1.yaml:19 in
// googlenet.yaml:34
// - tile 4x2: rows of 7 pixels = 4 + 3; 8 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 400 KiB of weights, 6 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 160 floats, in the same order
// - writes channels 576..704 of inception_5a's 832 in place: no concat runs
static void inception_5a_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a_5x5_reduce, out = buffers::inception_5a_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 32, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 8, 7)) {
    const float* block_weights = m.weights + weights::inception_5a_5x5 + block * (1 + 5 * 5 * 32) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, -2), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y - 2, 2), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_5a/max_pool: 3x3 max pool, stride 1x1, 7x7x832 -> 7x7x832. inception_v1.yaml:20 in googlenet.yaml:34
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_5a_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool4, out = buffers::inception_5a_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 6, -1, 3, 3}, {6, 7, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 6, -1, 3, 3}, {6, 7, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 832}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_5a/pool_proj: 1x1 convolution, 7x7x832 -> 7x7x128, bias + relu. 5,218,304 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:34
// - tile 6x2: the map's 49 pixels as one row = 4 x 6 + 5 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 416 KiB of weights, 159 KiB of input
// - writes channels 704..832 of inception_5a's 832 in place: no concat runs
static void inception_5a_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a_max_pool, out = buffers::inception_5a_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, all_rows] : rt::blocks_outer(task, 0, 8, 1)) {
    const float* block_weights = m.weights + weights::inception_5a_pool_proj + block * (1 + 1 * 1 * 832) * 16;
    for (int x = 0; x < 24; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 24; x < 49; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_5b/1x1 + inception_5b/3x3_reduce + inception_5b/5x5_reduce: 1x1 convolutions of one input in 3 parts,
// computed together, 7x7x832 -> 7x7x(384 | 192 | 48), bias + relu. 25,439,232 multiply-adds. inception_v1.yaml:17,18,19
// in googlenet.yaml:35
// - tile 6x2: the map's 49 pixels as one row = 4 x 6 + 5 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - tile 4x2: rows of 7 pixels = 4 + 3; 8 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 2030 KiB of weights, 159 KiB of input
// - writes channels 0..384 of inception_5b's 1024 in place: no concat runs
static void inception_5b_1x1(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a, out = buffers::inception_5b_1x1;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, all_rows] : rt::blocks_outer(task, 0, 24, 1)) {
    const float* block_weights = m.weights + weights::inception_5b_1x1 + block * (1 + 1 * 1 * 832) * 16;
    for (int x = 0; x < 24; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 24; x < 49; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_5b_3x3_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a, out = buffers::inception_5b_3x3_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 24, 12, 7)) {
    const float* block_weights = m.weights + weights::inception_5b_3x3_reduce + block * (1 + 1 * 1 * 832) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 0), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y, 4), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_5b_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a, out = buffers::inception_5b_5x5_reduce;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 108, 3, 7)) {
    const float* block_weights = m.weights + weights::inception_5b_5x5_reduce + block * (1 + 1 * 1 * 832) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y, 0), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y, 4), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}
static void inception_5b_1x1_3x3_reduce_5x5_reduce(const rt::Task task, const rt::Memory& m) {
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_5b_3x3_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 1, 1, 1, 1);
  }
  if (task.begin == 0) {
    constexpr rt::View b = buffers::inception_5b_5x5_reduce;
    rt::zero_border(m.arena + b.offset, b.height, b.width, b.pixel, {b.row, b.pixel}, 2, 2, 2, 2);
  }
  inception_5b_1x1(task, m);
  inception_5b_3x3_reduce(task, m);
  inception_5b_5x5_reduce(task, m);
}

// inception_5b/3x3: 3x3 convolution, 7x7x192 -> 7x7x384, bias + relu. 32,514,048 multiply-adds. inception_v1.yaml:18 in
// googlenet.yaml:35
// - tile 4x2: rows of 7 pixels = 4 + 3; 8 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 2593 KiB of weights, 36 KiB of input
// - no bounds checks: the input has a zeroed border of 1, 1, 1, 1 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 3 runs of 576 floats, in the same order
// - writes channels 384..768 of inception_5b's 1024 in place: no concat runs
static void inception_5b_3x3(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5b_3x3_reduce, out = buffers::inception_5b_3x3;
  constexpr rt::ConvWindow window{.rows = 3, .columns = 1, .channels = 3 * 192, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 24, 7)) {
    const float* block_weights = m.weights + weights::inception_5b_3x3 + block * (1 + 3 * 3 * 192) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 1, -1), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y - 1, 3), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_5b/5x5: 5x5 convolution, 7x7x48 -> 7x7x128, bias + relu. 7,526,400 multiply-adds. inception_v1.yaml:19 in
// googlenet.yaml:35
// - tile 4x2: rows of 7 pixels = 4 + 3; 8 accumulators + 2 of weights + 1 broadcast of 16 registers
// - channel blocks outermost: 600 KiB of weights, 9 KiB of input
// - no bounds checks: the input has a zeroed border of 2, 2, 2, 2 pixels (top, left, bottom, right)
// - a row of the window lies without gaps: summed as 5 runs of 240 floats, in the same order
// - writes channels 768..896 of inception_5b's 1024 in place: no concat runs
static void inception_5b_5x5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5b_5x5_reduce, out = buffers::inception_5b_5x5;
  constexpr rt::ConvWindow window{.rows = 5, .columns = 1, .channels = 5 * 48, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, y] : rt::blocks_outer(task, 0, 8, 7)) {
    const float* block_weights = m.weights + weights::inception_5b_5x5 + block * (1 + 5 * 5 * 48) * 16;
    rt::conv_tile<1, 4, 2>(window, m.arena + rt::at(in, y - 2, -2), from, block_weights,
                           {m.arena + rt::at(out, y, 0) + block * 16, to, 16}, rt::Relu{});
    rt::conv_tile<1, 3, 2>(window, m.arena + rt::at(in, y - 2, 2), from, block_weights,
                           {m.arena + rt::at(out, y, 4) + block * 16, to, 16}, rt::Relu{});
  }
}

// inception_5b/max_pool: 3x3 max pool, stride 1x1, 7x7x832 -> 7x7x832. inception_v1.yaml:20 in googlenet.yaml:35
// - no border and no bounds checks: 3 kinds of rows and 3 of columns, edges apart from the interior
static void inception_5b_max_pool(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5a, out = buffers::inception_5b_max_pool;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 2, 2}, {1, 6, -1, 3, 3}, {6, 7, -1, 2, 2}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 2, 2}, {1, 6, -1, 3, 3}, {6, 7, -1, 2, 2}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::max_pool({down.taps, across.taps, in.row, in.pixel},
                     m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                     {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 832}, across.end - across.begin,
                     rt::None{});
      }
}

// inception_5b/pool_proj: 1x1 convolution, 7x7x832 -> 7x7x128, bias + relu. 5,218,304 multiply-adds.
// inception_v1.yaml:20 in googlenet.yaml:35
// - tile 6x2: the map's 49 pixels as one row = 4 x 6 + 5 x 5; 12 accumulators + 2 of weights + 1 broadcast of 16
// registers
// - channel blocks outermost: 416 KiB of weights, 159 KiB of input
// - writes channels 896..1024 of inception_5b's 1024 in place: no concat runs
static void inception_5b_pool_proj(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5b_max_pool, out = buffers::inception_5b_pool_proj;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 832, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, all_rows] : rt::blocks_outer(task, 0, 8, 1)) {
    const float* block_weights = m.weights + weights::inception_5b_pool_proj + block * (1 + 1 * 1 * 832) * 16;
    for (int x = 0; x < 24; x += 6)
      rt::conv_tile<1, 6, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
    for (int x = 24; x < 49; x += 5)
      rt::conv_tile<1, 5, 2>(window, m.arena + rt::at(in, 0, x), from, block_weights,
                             {m.arena + rt::at(out, 0, x) + block * 16, to, 16}, rt::Relu{});
  }
}

// pool5: global average pool, 7x7x1024 -> 1x1x1024. googlenet.yaml:36
// - every window lies inside the input: no edges
static void pool5(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::inception_5b, out = buffers::pool5;
  static constexpr rt::PoolSpan rows[] = {{0, 1, 0, 7, 7}};
  static constexpr rt::PoolSpan columns[] = {{0, 1, 0, 7, 7}};
  for (const rt::PoolSpan& down : rows)
    for (const int row : rt::rows(task, down.begin, down.end - down.begin))
      for (const rt::PoolSpan& across : columns) {
        const int y = down.begin + row;
        rt::average_pool({down.taps, across.taps, in.row, in.pixel},
                         m.arena + rt::at(in, y + down.first, across.begin + across.first), in.pixel,
                         {m.arena + rt::at(out, y, across.begin), {out.row, out.pixel}, 1024},
                         across.end - across.begin, static_cast<float>(down.counted * across.counted), rt::None{});
      }
}

// main/classifier: dense layer, 1x1x1024 -> 1x1x1000, bias. 1,024,000 multiply-adds. googlenet.yaml:43
// - tile 1x8: one pixel; 8 sums in flight, each weight read once
// - tile 1x5: one pixel; 5 sums in flight, each weight read once
// - channel blocks outermost: 4003 KiB of weights, 4 KiB of input
static void main_classifier(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::pool5, out = buffers::main_classifier;
  constexpr rt::ConvWindow window{.rows = 1, .columns = 1, .channels = 1024, .row = in.row, .column = in.pixel};
  constexpr rt::Strides from{in.row, in.pixel}, to{out.row, out.pixel};
  for (const auto [block, all_rows] : rt::blocks_outer(task, 0, 15, 1)) {
    const float* block_weights = m.weights + weights::main_classifier + block * (1 + 1 * 1 * 1024) * 64;
    rt::conv_tile<1, 1, 8>(window, m.arena + rt::at(in, 0, 0), from, block_weights,
                           {m.arena + rt::at(out, 0, 0) + block * 64, to, 64}, rt::None{});
  }
  // The last 40 channels.
  for (const auto [block, all_rows] : rt::blocks_outer(task, 15, 1, 1)) {
    const float* block_weights = m.weights + weights::main_classifier_2 + block * (1 + 1 * 1 * 1024) * 40;
    rt::conv_tile<1, 1, 5>(window, m.arena + rt::at(in, 0, 0), from, block_weights,
                           {m.arena + rt::at(out, 0, 0) + 960, to, 40}, rt::None{});
  }
}

// main/softmax: softmax, 1x1x1000. googlenet.yaml:44
// - a pixel's channels are summed in order, in double: no vector width changes a bit
static void main_softmax(const rt::Task task, const rt::Memory& m) {
  constexpr rt::View in = buffers::main_classifier, out = buffers::main_softmax;
  for (const int y : rt::rows(task, 0, 1))
    rt::softmax(m.arena + rt::at(in, y, 0), in.pixel, {m.arena + rt::at(out, y, 0), {out.row, out.pixel}, 1000},
                out.width);
}

}  // namespace steps

static constexpr rt::StepOutput outputs[] = {
  {"input", buffers::input},
  {"conv1", buffers::conv1},
  {"pool1", buffers::pool1},
  {"norm1", buffers::norm1},
  {"conv2_reduce", buffers::conv2_reduce},
  {"conv2", buffers::conv2},
  {"norm2", buffers::norm2},
  {"pool2", buffers::pool2},
  {"inception_3a/1x1", buffers::inception_3a_1x1},
  {"inception_3a/3x3_reduce", buffers::inception_3a_3x3_reduce},
  {"inception_3a/5x5_reduce", buffers::inception_3a_5x5_reduce},
  {"inception_3a/3x3", buffers::inception_3a_3x3},
  {"inception_3a/5x5", buffers::inception_3a_5x5},
  {"inception_3a/max_pool", buffers::inception_3a_max_pool},
  {"inception_3a/pool_proj", buffers::inception_3a_pool_proj},
  {"inception_3a", buffers::inception_3a},
  {"inception_3b/1x1", buffers::inception_3b_1x1},
  {"inception_3b/3x3_reduce", buffers::inception_3b_3x3_reduce},
  {"inception_3b/5x5_reduce", buffers::inception_3b_5x5_reduce},
  {"inception_3b/3x3", buffers::inception_3b_3x3},
  {"inception_3b/5x5", buffers::inception_3b_5x5},
  {"inception_3b/max_pool", buffers::inception_3b_max_pool},
  {"inception_3b/pool_proj", buffers::inception_3b_pool_proj},
  {"inception_3b", buffers::inception_3b},
  {"pool3", buffers::pool3},
  {"inception_4a/1x1", buffers::inception_4a_1x1},
  {"inception_4a/3x3_reduce", buffers::inception_4a_3x3_reduce},
  {"inception_4a/5x5_reduce", buffers::inception_4a_5x5_reduce},
  {"inception_4a/3x3", buffers::inception_4a_3x3},
  {"inception_4a/5x5", buffers::inception_4a_5x5},
  {"inception_4a/max_pool", buffers::inception_4a_max_pool},
  {"inception_4a/pool_proj", buffers::inception_4a_pool_proj},
  {"inception_4a", buffers::inception_4a},
  {"inception_4b/1x1", buffers::inception_4b_1x1},
  {"inception_4b/3x3_reduce", buffers::inception_4b_3x3_reduce},
  {"inception_4b/5x5_reduce", buffers::inception_4b_5x5_reduce},
  {"inception_4b/3x3", buffers::inception_4b_3x3},
  {"inception_4b/5x5", buffers::inception_4b_5x5},
  {"inception_4b/max_pool", buffers::inception_4b_max_pool},
  {"inception_4b/pool_proj", buffers::inception_4b_pool_proj},
  {"inception_4b", buffers::inception_4b},
  {"inception_4c/1x1", buffers::inception_4c_1x1},
  {"inception_4c/3x3_reduce", buffers::inception_4c_3x3_reduce},
  {"inception_4c/5x5_reduce", buffers::inception_4c_5x5_reduce},
  {"inception_4c/3x3", buffers::inception_4c_3x3},
  {"inception_4c/5x5", buffers::inception_4c_5x5},
  {"inception_4c/max_pool", buffers::inception_4c_max_pool},
  {"inception_4c/pool_proj", buffers::inception_4c_pool_proj},
  {"inception_4c", buffers::inception_4c},
  {"inception_4d/1x1", buffers::inception_4d_1x1},
  {"inception_4d/3x3_reduce", buffers::inception_4d_3x3_reduce},
  {"inception_4d/5x5_reduce", buffers::inception_4d_5x5_reduce},
  {"inception_4d/3x3", buffers::inception_4d_3x3},
  {"inception_4d/5x5", buffers::inception_4d_5x5},
  {"inception_4d/max_pool", buffers::inception_4d_max_pool},
  {"inception_4d/pool_proj", buffers::inception_4d_pool_proj},
  {"inception_4d", buffers::inception_4d},
  {"inception_4e/1x1", buffers::inception_4e_1x1},
  {"inception_4e/3x3_reduce", buffers::inception_4e_3x3_reduce},
  {"inception_4e/5x5_reduce", buffers::inception_4e_5x5_reduce},
  {"inception_4e/3x3", buffers::inception_4e_3x3},
  {"inception_4e/5x5", buffers::inception_4e_5x5},
  {"inception_4e/max_pool", buffers::inception_4e_max_pool},
  {"inception_4e/pool_proj", buffers::inception_4e_pool_proj},
  {"inception_4e", buffers::inception_4e},
  {"pool4", buffers::pool4},
  {"inception_5a/1x1", buffers::inception_5a_1x1},
  {"inception_5a/3x3_reduce", buffers::inception_5a_3x3_reduce},
  {"inception_5a/5x5_reduce", buffers::inception_5a_5x5_reduce},
  {"inception_5a/3x3", buffers::inception_5a_3x3},
  {"inception_5a/5x5", buffers::inception_5a_5x5},
  {"inception_5a/max_pool", buffers::inception_5a_max_pool},
  {"inception_5a/pool_proj", buffers::inception_5a_pool_proj},
  {"inception_5a", buffers::inception_5a},
  {"inception_5b/1x1", buffers::inception_5b_1x1},
  {"inception_5b/3x3_reduce", buffers::inception_5b_3x3_reduce},
  {"inception_5b/5x5_reduce", buffers::inception_5b_5x5_reduce},
  {"inception_5b/3x3", buffers::inception_5b_3x3},
  {"inception_5b/5x5", buffers::inception_5b_5x5},
  {"inception_5b/max_pool", buffers::inception_5b_max_pool},
  {"inception_5b/pool_proj", buffers::inception_5b_pool_proj},
  {"inception_5b", buffers::inception_5b},
  {"pool5", buffers::pool5},
  {"main/dropout", buffers::pool5},
  {"main/classifier", buffers::main_classifier},
  {"main/softmax", buffers::main_softmax},
};

// Function, units, layers, algorithm, multiply-adds, outputs; where a function is shared, the distance of the weights.
static constexpr rt::Step table[] = {
  {steps::input, 224, "input", "copy", 0, outputs + 0, 1},
  {steps::conv1, 448, "conv1", "direct 6x2", 118013952, outputs + 1, 1},
  {steps::pool1, 56, "pool1", "max pool", 0, outputs + 2, 1},
  {steps::norm1, 56, "norm1", "lrn", 0, outputs + 3, 1},
  {steps::conv2_reduce, 224, "conv2_reduce", "direct 6x2", 12845056, outputs + 4, 1},
  {steps::conv2, 672, "conv2", "direct 6x2", 346816512, outputs + 5, 1},
  {steps::norm2, 56, "norm2", "lrn", 0, outputs + 6, 1},
  {steps::pool2, 28, "pool2", "max pool", 0, outputs + 7, 1},
  {steps::inception_3a_1x1_3x3_reduce_5x5_reduce, 228,
   "inception_3a/1x1+inception_3a/3x3_reduce+inception_3a/5x5_reduce", "direct 6x2", 26492928, outputs + 8, 3},
  {steps::inception_3a_3x3, 224, "inception_3a/3x3", "direct 6x2", 86704128, outputs + 11, 1},
  {steps::inception_3a_5x5, 56, "inception_3a/5x5", "direct 6x2", 10035200, outputs + 12, 1},
  {steps::inception_3a_max_pool, 28, "inception_3a/max_pool", "max pool", 0, outputs + 13, 1},
  {steps::inception_3a_pool_proj, 16, "inception_3a/pool_proj", "direct 6x2", 4816896, outputs + 14, 2},
  {steps::inception_3b_1x1_3x3_reduce_5x5_reduce, 344,
   "inception_3b/1x1+inception_3b/3x3_reduce+inception_3b/5x5_reduce", "direct 6x2", 57802752, outputs + 16, 3},
  {steps::inception_3b_3x3, 336, "inception_3b/3x3", "direct 6x2", 173408256, outputs + 19, 1},
  {steps::inception_3b_5x5, 168, "inception_3b/5x5", "direct 6x2", 60211200, outputs + 20, 1},
  {steps::inception_3b_max_pool, 28, "inception_3b/max_pool", "max pool", 0, outputs + 21, 1},
  {steps::inception_3b_pool_proj, 32, "inception_3b/pool_proj", "direct 6x2", 12845056, outputs + 22, 2},
  {steps::pool3, 14, "pool3", "max pool", 0, outputs + 24, 1},
  {steps::inception_4a_1x1_3x3_reduce_5x5_reduce, 122,
   "inception_4a/1x1+inception_4a/3x3_reduce+inception_4a/5x5_reduce", "direct 6x2", 28600320, outputs + 25, 3},
  {steps::inception_4a_3x3, 182, "inception_4a/3x3", "direct 5x2", 35223552, outputs + 28, 1},
  {steps::inception_4a_5x5, 42, "inception_4a/5x5", "direct 5x2", 3763200, outputs + 29, 1},
  {steps::inception_4a_max_pool, 14, "inception_4a/max_pool", "max pool", 0, outputs + 30, 1},
  {steps::inception_4a_pool_proj, 8, "inception_4a/pool_proj", "direct 6x2", 6021120, outputs + 31, 2},
  {steps::inception_4b_1x1_3x3_reduce_5x5_reduce, 146,
   "inception_4b/1x1+inception_4b/3x3_reduce+inception_4b/5x5_reduce", "direct 6x2", 29704192, outputs + 33, 3},
  {steps::inception_4b_3x3, 196, "inception_4b/3x3", "direct 5x2", 44255232, outputs + 36, 1},
  {steps::inception_4b_5x5, 56, "inception_4b/5x5", "direct 5x2", 7526400, outputs + 37, 1},
  {steps::inception_4b_max_pool, 14, "inception_4b/max_pool", "max pool", 0, outputs + 38, 1},
  {steps::inception_4b_pool_proj, 8, "inception_4b/pool_proj", "direct 6x2", 6422528, outputs + 39, 2},
  {steps::inception_4c_1x1_3x3_reduce_5x5_reduce, 156,
   "inception_4c/1x1+inception_4c/3x3_reduce+inception_4c/5x5_reduce", "direct 6x2", 28098560, outputs + 41, 3},
  {steps::inception_4c_3x3, 224, "inception_4c/3x3", "direct 5x2", 57802752, outputs + 44, 1},
  {steps::inception_4c_5x5, 56, "inception_4c/5x5", "direct 5x2", 7526400, outputs + 45, 1},
  {steps::inception_4c_max_pool, 14, "inception_4c/max_pool", "max pool", 0, outputs + 46, 1},
  {steps::inception_4c_pool_proj, 8, "inception_4c/pool_proj", "direct 6x2", 6422528, outputs + 47, 2},
  {steps::inception_4d_1x1_3x3_reduce_5x5_reduce, 168,
   "inception_4d/1x1+inception_4d/3x3_reduce+inception_4d/5x5_reduce", "direct 5x2", 28901376, outputs + 49, 3},
  {steps::inception_4d_3x3, 252, "inception_4d/3x3", "direct 5x2", 73156608, outputs + 52, 1},
  {steps::inception_4d_5x5, 56, "inception_4d/5x5", "direct 5x2", 10035200, outputs + 53, 1},
  {steps::inception_4d_max_pool, 14, "inception_4d/max_pool", "max pool", 0, outputs + 54, 1},
  {steps::inception_4d_pool_proj, 8, "inception_4d/pool_proj", "direct 6x2", 6422528, outputs + 55, 2},
  {steps::inception_4e_1x1_3x3_reduce_5x5_reduce, 200,
   "inception_4e/1x1+inception_4e/3x3_reduce+inception_4e/5x5_reduce", "direct 6x2", 46362624, outputs + 57, 3},
  {steps::inception_4e_3x3, 280, "inception_4e/3x3", "direct 5x2", 90316800, outputs + 60, 1},
  {steps::inception_4e_5x5, 112, "inception_4e/5x5", "direct 5x2", 20070400, outputs + 61, 1},
  {steps::inception_4e_max_pool, 14, "inception_4e/max_pool", "max pool", 0, outputs + 62, 1},
  {steps::inception_4e_pool_proj, 16, "inception_4e/pool_proj", "direct 6x2", 13246464, outputs + 63, 2},
  {steps::pool4, 7, "pool4", "max pool", 0, outputs + 65, 1},
  {steps::inception_5a_1x1_3x3_reduce_5x5_reduce, 100,
   "inception_5a/1x1+inception_5a/3x3_reduce+inception_5a/5x5_reduce", "direct 6x2", 18264064, outputs + 66, 3},
  {steps::inception_5a_3x3, 140, "inception_5a/3x3", "direct 4x2", 22579200, outputs + 69, 1},
  {steps::inception_5a_5x5, 56, "inception_5a/5x5", "direct 4x2", 5017600, outputs + 70, 1},
  {steps::inception_5a_max_pool, 7, "inception_5a/max_pool", "max pool", 0, outputs + 71, 1},
  {steps::inception_5a_pool_proj, 8, "inception_5a/pool_proj", "direct 6x2", 5218304, outputs + 72, 2},
  {steps::inception_5b_1x1_3x3_reduce_5x5_reduce, 129,
   "inception_5b/1x1+inception_5b/3x3_reduce+inception_5b/5x5_reduce", "direct 6x2", 25439232, outputs + 74, 3},
  {steps::inception_5b_3x3, 168, "inception_5b/3x3", "direct 4x2", 32514048, outputs + 77, 1},
  {steps::inception_5b_5x5, 56, "inception_5b/5x5", "direct 4x2", 7526400, outputs + 78, 1},
  {steps::inception_5b_max_pool, 7, "inception_5b/max_pool", "max pool", 0, outputs + 79, 1},
  {steps::inception_5b_pool_proj, 8, "inception_5b/pool_proj", "direct 6x2", 5218304, outputs + 80, 2},
  {steps::pool5, 1, "pool5", "average pool", 0, outputs + 82, 2},
  {steps::main_classifier, 16, "main/classifier", "dense 1x8", 1024000, outputs + 84, 1},
  {steps::main_softmax, 1, "main/softmax", "softmax", 0, outputs + 85, 1},
};

static constexpr rt::Head heads[] = {
  {"main", buffers::main_softmax, buffers::main_classifier, 5, true},
};

static constexpr float mean[] = {104.0f, 117.0f, 123.0f};
static constexpr float scale[] = {1.0f, 1.0f, 1.0f};
static constexpr rt::Preprocess preprocess = {
  .present = true,
  .resize_short = 256, .resize_height = 0, .resize_width = 0,
  .crop_height = 224, .crop_width = 224,
  .filter = 0, .channels = 1, .alpha = 0,
  .mean = mean, .scale = scale,
};

static const rt::Network network = {
  .name = "googlenet", .tool_version = "0.1.0",
  .spec_hash = "4a70006a626de767668cc0f4b23ad36222519cf3a0940ac6c8b870a8bd53e237",
  .target = "x86-64-v3", .dtype = "f32", .algorithms = "exact",
  .cpu_features = rt::cpu::all(rt::cpu::sse3, rt::cpu::ssse3, rt::cpu::cx16, rt::cpu::sse4_1, rt::cpu::sse4_2,
                               rt::cpu::popcnt, rt::cpu::lahf, rt::cpu::avx, rt::cpu::f16c, rt::cpu::fma,
                               rt::cpu::movbe, rt::cpu::bmi, rt::cpu::avx2, rt::cpu::bmi2, rt::cpu::lzcnt),
  .height = GOOGLENET_INPUT_HEIGHT, .width = GOOGLENET_INPUT_WIDTH, .channels = GOOGLENET_INPUT_CHANNELS,
  .preprocess = preprocess,
  .arena_bytes = GOOGLENET_ARENA_BYTES(1),
  .arena_bytes_per_thread = GOOGLENET_ARENA_BYTES(2) - GOOGLENET_ARENA_BYTES(1),
  .weights_bytes = GOOGLENET_WEIGHTS_BYTES, .max_threads = GOOGLENET_MAX_THREADS,
  .steps = table, .step_count = 58, .heads = heads, .head_count = 1,
  .embedded = nullptr, .embedded_end = nullptr,
};

// The C interface; googlenet.h says what each function does.
extern "C" {

const void* googlenet_network(void);  // for the program and the image library
const void* googlenet_network(void) { return &network; }

googlenet_status googlenet_open(const char* weights_path, googlenet_model** out) {
  return rt::open_model(network, weights_path, reinterpret_cast<rt::Model**>(out));
}

googlenet_status googlenet_open_copy(const char* weights_path, googlenet_model** out) {
  return rt::open_copy(network, weights_path, reinterpret_cast<rt::Model**>(out));
}

googlenet_status googlenet_open_memory(const void* bytes, size_t size, googlenet_model** out) {
  return rt::open_memory(network, bytes, size, reinterpret_cast<rt::Model**>(out));
}

void googlenet_close(googlenet_model* model) {
  rt::close_model(reinterpret_cast<rt::Model*>(model));
}

googlenet_status googlenet_create(const googlenet_model* model, const googlenet_options* options,
                                  googlenet_context** out) {
  rt::ContextOptions chosen;
  if (options) {
    if (options->threads != 0) chosen.threads = options->threads;
    chosen.arena = options->arena;
    chosen.parallel = options->parallel;
    chosen.user = options->user;
  }
  return rt::create_context(reinterpret_cast<const rt::Model*>(model), &chosen, reinterpret_cast<rt::Context**>(out));
}

void googlenet_destroy(googlenet_context* context) {
  rt::destroy_context(reinterpret_cast<rt::Context*>(context));
}

void googlenet_run(googlenet_context* context, const float* input) {
  rt::run(*reinterpret_cast<rt::Context*>(context), input);
}

const float* googlenet_output(const googlenet_context* context, int head) {
  return rt::output(*reinterpret_cast<const rt::Context*>(context), head);
}

const char* googlenet_label(const googlenet_model* model, int head, int index) {
  return rt::label(*reinterpret_cast<const rt::Model*>(model), head, index);
}

const char* googlenet_message(googlenet_status status) {
  return rt::message(status);
}

const char* googlenet_version(void) {
  return network.tool_version;
}

}  // extern "C"
