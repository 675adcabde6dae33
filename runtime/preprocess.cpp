#include "runtime/preprocess.h"

#include <math.h>

#include "runtime/resize.h"

namespace rt::inline RT_ABI {
namespace {

/// What stands between the decoder and the resizer: it knows what the spec asks for once the picture's size is known.
struct TensorSink : RowSink {
  const Network* network;
  bool as_is;
  Resizer resizer;
  int top, left, height, width;  ///< where the resizer's part lies in the tensor
};

/// The middle of the picture, with the offsets of TensorFlow's central_crop, but at least a pixel of it.
void take_center(double fraction, ResizeGeometry& geometry) {
  const auto margin = [fraction](int64_t side) {
    const double room = static_cast<double>(side) - static_cast<double>(side) * fraction;
    const int64_t most = (side - 1) / 2;
    return room / 2 < static_cast<double>(most) ? static_cast<int64_t>(room / 2) : most;
  };
  geometry.in_top = margin(geometry.full_height);
  geometry.in_left = margin(geometry.full_width);
  geometry.in_height = geometry.full_height - 2 * geometry.in_top;
  geometry.in_width = geometry.full_width - 2 * geometry.in_left;
}

/// One side of the box is the picture's; the other is rounded half to even, as in Pillow's ImageOps.pad.
void plan_letterbox(const Preprocess& spec, ResizeGeometry& geometry) {
  const double height = static_cast<double>(geometry.in_height), width = static_cast<double>(geometry.in_width);
  const double box_height = spec.resize_height, box_width = spec.resize_width;
  geometry.out_height = spec.resize_height;
  geometry.out_width = spec.resize_width;
  if (width / height > box_width / box_height) {
    geometry.out_height = static_cast<int64_t>(fmax(1, nearbyint(height / width * box_width)));
  } else if (width / height < box_width / box_height) {
    geometry.out_width = static_cast<int64_t>(fmax(1, nearbyint(width / height * box_height)));
  }
}

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
  if (spec.letterbox) {
    plan_letterbox(spec, geometry);
  } else if (spec.resize_short > 0) {
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
  const bool cut = geometry.in_height != geometry.full_height || geometry.in_width != geometry.full_width;
  return image_error(report, status_unsupported_image,
                     "the picture is %s%lldx%lld (width x height), the network takes %dx%d%s",
                     resized ? "resized to "
                     : cut   ? "cut to "
                             : "",
                     static_cast<long long>(geometry.out_width), static_cast<long long>(geometry.out_height),
                     network.width, network.height, crop ? " or larger" : "");
}

bool begin_tensor(RowSink& self, const ImageHeader& header, ImageReport& report) {
  TensorSink& sink = static_cast<TensorSink&>(self);
  const Network& network = *sink.network;
  const Preprocess& spec = network.preprocess;
  const bool transposed = header.orientation >= 5;
  ResizeGeometry geometry{};
  geometry.full_height = transposed ? header.width : header.height;
  geometry.full_width = transposed ? header.height : header.width;
  take_center(sink.as_is ? 1 : spec.central_fraction, geometry);
  geometry.orientation = header.orientation;
  geometry.filter = sink.as_is ? Filter::nearest : static_cast<Filter>(spec.filter);
  geometry.bgr = static_cast<ChannelOrder>(spec.channels) == ChannelOrder::bgr;
  const bool crop = !sink.as_is && spec.crop_height > 0, letterbox = !sink.as_is && spec.letterbox;
  plan_size(sink.as_is ? Preprocess{} : spec, geometry);
  if (!letterbox && !fits(network, crop, geometry, report)) return false;
  sink.height = geometry.height = letterbox ? static_cast<int>(geometry.out_height) : network.height;
  sink.width = geometry.width = letterbox ? static_cast<int>(geometry.out_width) : network.width;
  geometry.top = middle(geometry.out_height - geometry.height);
  geometry.left = middle(geometry.out_width - geometry.width);
  sink.top = static_cast<int>(middle(network.height - sink.height));
  sink.left = static_cast<int>(middle(network.width - sink.width));
  return sink.resizer.begin(geometry, report);
}

void take_row(RowSink& self, const unsigned char* rgb) { static_cast<TensorSink&>(self).resizer.row(rgb); }

/// ITU-R 601 luma: Pillow's `L` for whole numbers, unrounded for values that are not.
float to_gray(const float* rgb, bool whole) {
  constexpr int red = 19595, green = 38470, blue = 7471;  // of 65536
  if (whole) {
    const int sum = red * static_cast<int>(rgb[0]) + green * static_cast<int>(rgb[1]) + blue * static_cast<int>(rgb[2]);
    return static_cast<float>((sum + 0x8000) >> 16);
  }
  const double sum =
      red * static_cast<double>(rgb[0]) + green * static_cast<double>(rgb[1]) + blue * static_cast<double>(rgb[2]);
  return static_cast<float>(sum / 65536.0);
}

/// A row of the resizer's pixels in the network's order.
void order_row(ChannelOrder order, bool whole, const float* rgb, int count, float* to) {
  for (int j = 0; j < count; ++j, rgb += 3) {
    if (order == ChannelOrder::gray) {
      to[j] = to_gray(rgb, whole);
    } else {
      const bool bgr = order == ChannelOrder::bgr;
      to[3 * j] = rgb[bgr ? 2 : 0];
      to[3 * j + 1] = rgb[1];
      to[3 * j + 2] = rgb[bgr ? 0 : 2];
    }
  }
}

/// What the letterbox leaves free.
void fill_around(const Network& network, float* tensor) {
  const float* fill = network.preprocess.fill;
  for (int64_t i = 0; i < int64_t{network.height} * network.width; ++i) {
    for (int c = 0; c < network.channels; ++c) *tensor++ = fill == nullptr ? 0 : fill[c];
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
  Buffer<float> colors;
  if (!colors.allocate(static_cast<size_t>(sink.height) * static_cast<size_t>(sink.width) * 3)) {
    return image_error(report, status_out_of_memory, "%s", message(status_out_of_memory));
  }
  sink.resizer.finish(colors.data());
  if (sink.height < network.height || sink.width < network.width) fill_around(network, tensor);
  const bool whole = as_is || !gives_fractions(static_cast<Filter>(network.preprocess.filter));
  for (int i = 0; i < sink.height; ++i) {
    const int64_t place = int64_t{sink.top + i} * network.width + sink.left;
    order_row(order, whole, colors.data() + int64_t{i} * sink.width * 3, sink.width, tensor + place * channels);
  }
  normalize(network, tensor, int64_t{network.height} * network.width);
  return true;
}

}  // namespace rt::inline RT_ABI
