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
  geometry.bgr = static_cast<ChannelOrder>(spec.channels) == ChannelOrder::bgr;
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

/// ITU-R 601 luma: Pillow's `L` for whole numbers, unrounded for values that are not.
void to_gray(const Buffer<float>& rgb, bool whole, float* gray) {
  constexpr int red = 19595, green = 38470, blue = 7471;  // of 65536
  for (size_t i = 0; i < rgb.size() / 3; ++i) {
    const float r = rgb[3 * i], g = rgb[3 * i + 1], b = rgb[3 * i + 2];
    if (whole) {
      gray[i] = static_cast<float>(
          (red * static_cast<int>(r) + green * static_cast<int>(g) + blue * static_cast<int>(b) + 0x8000) >> 16);
    } else {
      const double sum = red * static_cast<double>(r) + green * static_cast<double>(g) + blue * static_cast<double>(b);
      gray[i] = static_cast<float>(sum / 65536.0);
    }
  }
}

void swap_red_and_blue(float* rgb, int64_t pixels) {
  for (int64_t i = 0; i < pixels; ++i, rgb += 3) {
    const float red = rgb[0];
    rgb[0] = rgb[2];
    rgb[2] = red;
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
  const auto order = static_cast<ChannelOrder>(network.preprocess.channels);
  const int channels = order == ChannelOrder::gray ? 1 : 3;
  if (!network.preprocess.present || network.channels != channels) {
    return image_error(report, status_no_preprocessing, "%s", message(status_no_preprocessing));
  }
  TensorSink sink{};
  sink.begin = begin_tensor;
  sink.row = take_row;
  sink.alpha = static_cast<Alpha>(network.preprocess.alpha);
  sink.network = &network;
  sink.as_is = as_is;
  if (!decode_image(file, sink, report)) return false;
  const int64_t pixels = int64_t{network.height} * network.width;
  Buffer<float> colors;
  if (channels == 1 && !colors.allocate(static_cast<size_t>(pixels) * 3)) {
    return image_error(report, status_out_of_memory, "%s", message(status_out_of_memory));
  }
  sink.resizer.finish(channels == 1 ? colors.data() : tensor);
  const bool whole = as_is || !gives_fractions(static_cast<Filter>(network.preprocess.filter));
  if (order == ChannelOrder::gray) to_gray(colors, whole, tensor);
  if (order == ChannelOrder::bgr) swap_red_and_blue(tensor, pixels);
  normalize(network, tensor, pixels);
  return true;
}

}  // namespace rt::inline RT_ABI
