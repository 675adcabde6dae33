#include "tests/support/toy_network.h"

#include "runtime/math.h"
#include "runtime/view.h"

namespace toy {
namespace {

constexpr rt::View copy{0, side, side, channels, side * pixel, pixel};
constexpr rt::View mean{side * side * pixel, 1, 1, classes, classes, classes};
constexpr rt::View softmax{side * side * pixel + 16, 1, 1, classes, classes, classes};
constexpr int arena_floats = side * side * pixel + 32 + 64;

/// Units: rows.
void run_copy(rt::Task task, const rt::Memory& memory) {
  for (int y = task.begin; y < task.end; ++y) {
    for (int x = 0; x < side; ++x) {
      for (int c = 0; c < channels; ++c)
        memory.arena[rt::at(copy, y, x) + c] = memory.input[(y * side + x) * channels + c];
    }
  }
}

/// Units: channels.
void run_mean(rt::Task task, const rt::Memory& memory) {
  for (int c = task.begin; c < task.end; ++c) {
    float sum = 0;
    for (int i = 0; i < side * side; ++i) sum += memory.arena[rt::at(copy, i / side, i % side) + c];
    memory.arena[mean.offset + c] = sum / (side * side) * memory.weights[c];
  }
}

void run_softmax(rt::Task, const rt::Memory& memory) {
  const float* in = memory.arena + mean.offset;
  float* out = memory.arena + softmax.offset;
  float largest = in[0], sum = 0;
  for (int c = 1; c < classes; ++c) largest = in[c] > largest ? in[c] : largest;
  for (int c = 0; c < classes; ++c) sum += out[c] = rt::exp(in[c] - largest);
  for (int c = 0; c < classes; ++c) out[c] /= sum;
}

constexpr rt::StepOutput copy_outputs[] = {{"copy", copy}};
constexpr rt::StepOutput mean_outputs[] = {{"pool/mean", mean}};
constexpr rt::StepOutput softmax_outputs[] = {{"softmax", softmax}};
constexpr rt::Step steps[] = {
    {run_copy, side, "copy", "copy", 0, copy_outputs, 1},
    {run_mean, channels, "pool/sum+pool/mean", "average", side * side * channels, mean_outputs, 1},
    {run_softmax, 1, "softmax", "softmax", 0, softmax_outputs, 1},
};
constexpr rt::Head heads[] = {
    {"main", softmax, mean, 2, true},
    {"map", copy, {}, 5, false},
};
constexpr float means[] = {10, 20, 30};
constexpr float scales[] = {0.5, 1, 2};

}  // namespace

const rt::Network network = {
    .name = "toy",
    .tool_version = "0.0",
    .spec_hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    .target = "test",
    .dtype = "f32",
    .algorithms = "exact",
    .height = side,
    .width = side,
    .channels = channels,
    .preprocess = {.present = true,
                   .resize_short = side,
                   .crop_height = side,
                   .crop_width = side,
                   .mean = means,
                   .scale = scales},
    .arena_bytes = arena_floats * 4,
    .arena_bytes_per_thread = 0,
    .weights_bytes = classes * 4,
    .max_threads = 4,
    .steps = steps,
    .step_count = 3,
    .heads = heads,
    .head_count = 2,
    .embedded = nullptr,
    .embedded_end = nullptr,
};

}  // namespace toy
