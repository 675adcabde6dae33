#include "runtime/preprocess.h"

#include "runtime/resize.h"

namespace rt::inline RT_ABI {
namespace {

/// What stands between the decoder and the resizer: it knows what the spec asks for once the picture's size is known.
struct TensorSink : RowSink {
  const Network* network;
  bool as_is;
  Resizer resizer;
};

/// Python's int(n * long / short), the long side of `resize: n`.
int64_t long_side(int64_t n, int64_t longer, int64_t shorter) {
  return static_cast<int64_t>(static_cast<double>(n * longer) / static_cast<double>(shorter));
}

/// Half of a difference, rounded half to even: where a crop in the middle begins.
int64_t middle(int64_t room) {
  const int64_t half = room / 2;
  return room % 2 == 0 || half % 2 == 0 ? half : half + 1;
}

void plan_size(const Preprocess& spec, ResizeGeometry& geometry) {
  geometry.out_height = geometry.in_height;
  geometry.out_width = geometry.in_width;
  if (spec.resize_short > 0) {
    const bool tall = geometry.in_height > geometry.in_width;
    geometry.out_height =
        tall ? long_side(spec.resize_short, geometry.in_height, geometry.in_width) : spec.resize_short;
    geometry.out_width = tall ? spec.resize_short : long_side(spec.resize_short, geometry.in_width, geometry.in_height);
  } else if (spec.resize_height > 0) {
    geometry.out_height = spec.resize_height;
    geometry.out_width = spec.resize_width;
  }
}

/// The part that the network looks at must be there, and nothing may be left over.
bool fits(const Network& network, bool crop, const ResizeGeometry& geometry, ImageReport& report) {
  const bool large_enough = geometry.out_height >= network.height && geometry.out_width >= network.width;
  const bool exact = geometry.out_height == network.height && geometry.out_width == network.width;
  if (crop ? large_enough : exact) return true;
  const bool resized = geometry.out_height != geometry.in_height || geometry.out_width != geometry.in_width;
  return image_error(
      report, status_unsupported_image, "the picture is %s%lldx%lld (width x height), the network takes %dx%d%s",
      resized ? "resized to " : "", static_cast<long long>(geometry.out_width),
      static_cast<long long>(geometry.out_height), network.width, network.height, crop ? " or larger" : "");
}

bool begin_tensor(RowSink& self, const ImageHeader& header, ImageReport& report) {
  TensorSink& sink = static_cast<TensorSink&>(self);
  const Network& network = *sink.network;
  const Preprocess& spec = network.preprocess;
  const bool transposed = header.orientation >= 5;
  ResizeGeometry geometry{};
  geometry.in_height = transposed ? header.width : header.height;
  geometry.in_width = transposed ? header.height : header.width;
  geometry.orientation = header.orientation;
  geometry.filter = sink.as_is ? Filter::nearest : static_cast<Filter>(spec.filter);
  geometry.height = network.height;
  geometry.width = network.width;
  const bool crop = !sink.as_is && spec.crop_height > 0;
  plan_size(sink.as_is ? Preprocess{} : spec, geometry);
  if (!fits(network, crop, geometry, report)) return false;
  geometry.top = middle(geometry.out_height - network.height);
  geometry.left = middle(geometry.out_width - network.width);
  return sink.resizer.begin(geometry, report);
}

void take_row(RowSink& self, const unsigned char* rgb) { static_cast<TensorSink&>(self).resizer.row(rgb); }

/// ITU-R 601 luma: Pillow's `L` for whole numbers, unrounded for corner-aligned samples.
float luma(const float* rgb, bool whole) {
  if (!whole) {
    const double sum = 19595.0 * static_cast<double>(rgb[0]) + 38470.0 * static_cast<double>(rgb[1]) +
                       7471.0 * static_cast<double>(rgb[2]);
    return static_cast<float>(sum / 65536.0);
  }
  const int sum = 19595 * static_cast<int>(rgb[0]) + 38470 * static_cast<int>(rgb[1]) + 7471 * static_cast<int>(rgb[2]);
  return static_cast<float>((sum + 0x8000) >> 16);
}

/// [height][width][3] in R, G, B -> the network's channels; `tensor` may be `rgb` where it has three.
void order_channels(const Network& network, bool whole, const float* rgb, float* tensor) {
  const int64_t pixels = int64_t{network.height} * network.width;
  const auto order = static_cast<ChannelOrder>(network.preprocess.channels);
  for (int64_t i = 0; i < pixels; ++i, rgb += 3) {
    if (order == ChannelOrder::gray) {
      tensor[i] = luma(rgb, whole);
    } else if (order == ChannelOrder::bgr) {
      const float red = rgb[0], green = rgb[1], blue = rgb[2];
      tensor[3 * i] = blue;
      tensor[3 * i + 1] = green;
      tensor[3 * i + 2] = red;
    }
  }
}

}  // namespace

void normalize(const Network& network, float* tensor, int64_t count) {
  const Preprocess& spec = network.preprocess;
  for (int64_t i = 0; i < count; ++i, tensor += network.channels) {
    for (int c = 0; c < network.channels; ++c) {
      tensor[c] = (tensor[c] - (spec.mean == nullptr ? 0 : spec.mean[c])) * (spec.scale == nullptr ? 1 : spec.scale[c]);
    }
  }
}

bool image_to_tensor(const Network& network, Bytes file, bool as_is, float* tensor, ImageReport& report) {
  const int channels = static_cast<ChannelOrder>(network.preprocess.channels) == ChannelOrder::gray ? 1 : 3;
  if (!network.preprocess.present || network.channels != channels) {
    return image_error(report, status_no_preprocessing, "%s", message(status_no_preprocessing));
  }
  TensorSink sink{};
  sink.begin = begin_tensor;
  sink.row = take_row;
  sink.network = &network;
  sink.as_is = as_is;
  if (!decode_image(file, sink, report)) return false;
  const int64_t pixels = int64_t{network.height} * network.width;
  Buffer<float> colors;
  if (channels == 1 && !colors.allocate(static_cast<size_t>(pixels) * 3)) {
    return image_error(report, status_out_of_memory, "%s", message(status_out_of_memory));
  }
  float* rgb = channels == 1 ? colors.data() : tensor;
  sink.resizer.finish(rgb);
  const bool whole = as_is || static_cast<Filter>(network.preprocess.filter) != Filter::bilinear_align_corners;
  order_channels(network, whole, rgb, tensor);
  normalize(network, tensor, pixels);
  return true;
}

}  // namespace rt::inline RT_ABI
