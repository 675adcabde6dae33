// What NAME_classify of libNAME_image.a does.
#pragma once
#include <stdio.h>

#include "runtime/api.h"
#include "runtime/buffer.h"
#include "runtime/preprocess.h"

namespace rt::inline RT_ABI {

/// Numbers and values of the head's `count` largest outputs.
struct TopClasses {
  int count;
  int* indices;   ///< room for `count`
  float* values;  ///< room for `count`
};

/// Decodes `image` (a whole JPEG, PNG, BMP or PNM file), preprocesses it as the spec says, runs the network and finds
/// the largest outputs of `head`; an output with a NaN or an infinity in it ranks nothing, status_not_finite. `words`
/// (may be null) gets the reason when the status is not ok, terminated, cut to `words_bytes`. Allocates what decoding
/// needs.
inline Status classify(Context* context, const void* image, size_t bytes, int head, const TopClasses& top, char* words,
                       size_t words_bytes) {
  const FloatMode mode;
  if (words != nullptr && words_bytes > 0) words[0] = 0;
  if (context == nullptr || image == nullptr || top.count < 0 || output(*context, head) == nullptr)
    return status_bad_argument;
  const Network& network = *context->model->network;
  const int outputs = static_cast<int>(element_count(network.heads[head].output));
  Buffer<float> tensor;
  Buffer<int> order;
  if (top.count > outputs) return status_bad_argument;
  if (!order.allocate(static_cast<size_t>(outputs)) ||
      !tensor.allocate(static_cast<size_t>(network.height) * static_cast<size_t>(network.width) *
                       static_cast<size_t>(network.channels))) {
    return status_out_of_memory;
  }
  ImageReport report;
  if (!image_to_tensor(network, {static_cast<const unsigned char*>(image), bytes}, false, tensor.data(), report)) {
    if (words != nullptr && words_bytes > 0) snprintf(words, words_bytes, "%s", report.error);
    return report.status;
  }
  run(*context, tensor.data());
  const float* values = output(*context, head);
  if (const int64_t wrong = find_not_finite(values, outputs); wrong < outputs) {
    if (words != nullptr && words_bytes > 0)
      snprintf(words, words_bytes, "output %lld is %s", static_cast<long long>(wrong),
               name_of_not_finite(values[wrong]));
    return status_not_finite;
  }
  find_top(values, outputs, top.count, order.data());
  for (int i = 0; i < top.count; ++i) {
    top.indices[i] = order[static_cast<size_t>(i)];
    top.values[i] = values[order[static_cast<size_t>(i)]];
  }
  return status_ok;
}

}  // namespace rt::inline RT_ABI
