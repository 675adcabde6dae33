// Sizes of strangers: pictures of any shape up to 65,535 pixels a side, networks of any input, every filter, with crops
// and warps. Filters in two passes take stored rows times the input's width, so the sides of the input stay usual ones.
// The bytes choose the sizes; the pixels are made here. A status comes back, soon (-timeout) and within the picture's
// and the network's own memory; a tensor of finite numbers where that is ok.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/preprocess.h"
#include "runtime/resize.h"

namespace {

/// Takes numbers from the fuzzer's bytes.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  unsigned byte() { return at_ < size_ ? data_[at_++] : 0; }
  /// 1 to `most`, every power of two as likely: extremes matter more than what is usual.
  int side(int most) {
    const unsigned bits = byte() % 21, low = byte() | byte() << 8 | byte() << 16;
    return std::clamp(static_cast<int>((1u << bits) | (low & ((1u << bits) - 1))), 1, most);
  }

 private:
  const uint8_t* data_;
  size_t size_, at_ = 0;
};

constexpr int64_t most_pixels = 1 << 18, most_floats = 1 << 20;
constexpr int filters = static_cast<int>(rt::Filter::bilinear_align_corners) + 1;  // the last one

rt::Network network_of(Choices& choose) {
  static constexpr float mean[3] = {100, 110, 120}, scale[3] = {0.5f, 1, 2};
  rt::Network network{};
  network.height = choose.side(1024);
  network.width = static_cast<int>(std::min<int64_t>(choose.side(1024), most_floats / 3 / network.height + 1));
  rt::Preprocess& preprocess = network.preprocess;
  preprocess.present = true;
  preprocess.filter = static_cast<int>(choose.byte() % filters);
  preprocess.channels = static_cast<int>(choose.byte() % 3);
  preprocess.mean = mean;
  preprocess.scale = scale;
  network.channels = preprocess.channels == static_cast<int>(rt::ChannelOrder::gray) ? 1 : 3;
  const unsigned fit = choose.byte() % 4;
  if (fit == 0) return network;  // as it is
  const int height = fit == 1 ? network.height : std::max(network.height, choose.side(65536));
  const int width = fit == 1 ? network.width : std::max(network.width, choose.side(65536));
  if (fit == 3) {
    preprocess.resize_short = std::max(height, width);
  } else {
    preprocess.resize_height = height;
    preprocess.resize_width = width;
  }
  if (fit > 1) {
    preprocess.crop_height = network.height;
    preprocess.crop_width = network.width;
  }
  return network;
}

std::string picture_of(Choices& choose) {
  const bool gray = choose.byte() % 2 == 0;
  const int64_t height = choose.side(65535), width = std::min<int64_t>(choose.side(65535), most_pixels / height + 1);
  std::string file =
      "P" + std::string(gray ? "5 " : "6 ") + std::to_string(width) + " " + std::to_string(height) + " 255\n";
  const size_t header = file.size();
  file.resize(header + static_cast<size_t>(height * width * (gray ? 1 : 3)));
  for (size_t i = header; i < file.size(); ++i) file[i] = static_cast<char>(i * i >> 3);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Choices choose(data, size);
  const rt::Network network = network_of(choose);
  const std::string file = picture_of(choose);
  std::vector<float> tensor(static_cast<size_t>(network.height) * network.width * network.channels);
  rt::ImageReport report;
  const rt::Bytes bytes{reinterpret_cast<const unsigned char*>(file.data()), file.size()};
  const bool fine = rt::image_to_tensor(network, bytes, choose.byte() % 8 == 7, tensor.data(), report);
  if (fine != (report.status == rt::status_ok) || fine != (report.error[0] == 0)) abort();
  for (const float value : tensor)
    if (!(value >= -240 && value <= 270)) abort();
  return 0;
}
