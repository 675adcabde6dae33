// From the bytes of a picture to the network's input tensor, as the spec's `preprocess:` says: upright 8-bit RGB,
// central fraction, resize or letterbox, crop in the middle, channel order, (x - mean) * scale.
#pragma once
#include "runtime/image.h"
#include "runtime/network.h"

namespace rt::inline RT_ABI {

/// Numbers as in rt::Preprocess::channels.
enum class ChannelOrder { rgb, bgr, gray };

/// `tensor`: [height][width][channels] of the network's input. `as_is`: the picture has the input's size already, no
/// resize and no crop. False: the report says why, and `tensor` is as it was.
bool image_to_tensor(const Network& network, Bytes file, bool as_is, float* tensor, ImageReport& report);

/// (x - mean) * scale of `count` pixels of the network's channels, in the final order; in place.
void normalize(const Network& network, float* tensor, int64_t count);

/// The first value that is NaN or infinite; `count` where there is none.
int64_t find_not_finite(const float* values, int64_t count);
/// "NaN", "inf" or "-inf".
const char* name_of_not_finite(float value);

/// Numbers of the `k` largest of `count` values, largest first, the lower number first where they are equal; NaN counts
/// as the smallest. `order`: room for `count` numbers, of which the first k are the result. k <= count.
void find_top(const float* values, int count, int k, int* order);

}  // namespace rt::inline RT_ABI
