// A network written by hand, to test the program around networks without the compiler: 8x8 RGB in; `copy` is the input
// itself, with a gap behind each pixel; `mean` is the average of each channel, times a weight; `softmax` of that.
#pragma once
#include "runtime/network.h"

namespace toy {

inline constexpr int side = 8, channels = 3, classes = 3,
                     pixel = 4;  ///< `pixel`: floats from one to the next in `copy`

extern const rt::Network network;  ///< "toy", heads "main" (softmax over mean) and "map" (copy)

}  // namespace toy
