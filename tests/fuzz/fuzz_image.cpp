// Any bytes as a picture, with every filter: a status comes back, and a tensor of finite numbers where that is ok.
// The first byte chooses the filter, the channels, how to fit the network's input and what becomes of alpha.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "runtime/preprocess.h"

namespace {

constexpr int side = 12;

rt::Network network_for(unsigned choice) {
  static constexpr float mean[3] = {100, 110, 120}, scale[3] = {0.5f, 1, 2};
  rt::Network network{};
  network.height = network.width = side;
  rt::Preprocess& preprocess = network.preprocess;
  preprocess.present = true;
  preprocess.filter = static_cast<int>(choice % 11);
  preprocess.channels = static_cast<int>(choice / 11 % 3);
  preprocess.alpha = static_cast<int>(choice / 66 % 3);
  preprocess.mean = mean;
  preprocess.scale = scale;
  network.channels = preprocess.channels == static_cast<int>(rt::ChannelOrder::gray) ? 1 : 3;
  if (choice % 7 == 0) preprocess.central_fraction = 0.5 + choice / 1000.0;
  if (choice % 5 == 0) {
    preprocess.letterbox = true;
    preprocess.resize_height = preprocess.resize_width = side;
  } else if (choice / 33 % 2 == 0) {
    preprocess.resize_short = side + 2;
    preprocess.crop_height = preprocess.crop_width = side;
  } else {
    preprocess.resize_height = preprocess.resize_width = side;
  }
  return network;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return -1;
  const rt::Network network = network_for(data[0]);
  float tensor[side * side * 3] = {};
  rt::ImageReport report;
  const bool fine = rt::image_to_tensor(network, {data + 1, size - 1}, false, tensor, report);
  if (fine != (report.status == rt::status_ok) || fine != (report.error[0] == 0)) abort();
  for (const float value : tensor) {
    if (!(value >= -240 && value <= 270)) abort();
  }
  return 0;
}
