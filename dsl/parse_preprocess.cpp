#include "dsl/parse_preprocess.h"

#include <fmt/format.h>

#include "dsl/field.h"
#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// A number for all channels, or one for each.
bool read_per_channel(const YamlNode& node, const KeyInfo& key, size_t channels, std::vector<double>& out,
                      Diagnostics& diagnostics) {
  double value = 0;
  if (!node.is_sequence()) {
    if (!read_value(node, key, value, diagnostics)) return false;
    out.assign(channels, value);
    return true;
  }
  if (node.items.size() != channels) {
    diagnostics.error("wrong-count", node.range,
                      fmt::format("{} takes a number or one for each of the {} channels, not a list of {}",
                                  ticked(key.name), channels, node.items.size()));
    return false;
  }
  for (size_t i = 0; i < channels; ++i) {
    if (!read_value(node.items[i], key, value, diagnostics)) return false;
    out[i] = value;
  }
  return true;
}

std::string size_text(const Size2& size) { return fmt::format("{}x{}", size.height, size.width); }

void check_channels(const Preprocess& preprocess, Range range, int64_t channels, Diagnostics& diagnostics) {
  const int64_t wanted = preprocess.channels == ChannelOrder::gray ? 1 : 3;
  if (wanted == channels) return;
  auto& error = diagnostics.error("bad-preprocess", range,
                                  fmt::format("pictures as {} have {} channel{}, but the input has {}",
                                              word_of(preprocess.channels), wanted, wanted == 1 ? "" : "s", channels));
  if (channels == 1) error.help = "`channels: gray`";
  if (channels != 1 && channels != 3) error.help = "without `preprocess` the program takes tensors of any shape";
}

/// What comes out must be the network's input.
void check_end(const Preprocess& preprocess, const Fields& fields, const Size2& input, Diagnostics& diagnostics) {
  const auto& last = preprocess.crop        ? preprocess.crop
                     : preprocess.letterbox ? preprocess.letterbox
                                            : preprocess.resize_warp;
  if (last && *last != input) {
    const std::string_view key = preprocess.crop ? "crop" : preprocess.letterbox ? "letterbox" : "resize";
    diagnostics.error("bad-preprocess", fields.find(key)->range,
                      fmt::format("`{}` ends at {}, but the input is {}", key, size_text(*last), size_text(input)));
  } else if (!last && preprocess.resize_short) {
    diagnostics
        .error("bad-preprocess", fields.find("resize")->range,
               fmt::format("a short side of {} fixes one side only", *preprocess.resize_short))
        .help = fmt::format("`crop: [{0}, {1}]` behind it, or `resize: [{0}, {1}]`", input.height, input.width);
  } else if (!last && preprocess.central_fraction) {
    diagnostics
        .error("bad-preprocess", fields.find("central_fraction")->range,
               "a fraction of a picture has no size of its own")
        .help = fmt::format("`resize: [{0}, {1}]` or `crop: [{0}, {1}]` behind it", input.height, input.width);
  }
}

/// Keys that make no sense beside each other.
void check_combination(const Preprocess& preprocess, const Fields& fields, Diagnostics& diagnostics) {
  if (preprocess.letterbox) {
    for (const std::string_view key : {"resize", "crop"}) {
      if (fields.find(key) == nullptr) continue;
      diagnostics.error("bad-preprocess", fields.find(key)->range,
                        fmt::format("`{}` beside `letterbox`, which makes the whole size by itself", key));
    }
  } else if (const YamlNode* fill = fields.find("fill")) {
    diagnostics.error("bad-preprocess", fill->range, "`fill` without `letterbox`: nothing is left to fill").help =
        "`letterbox: [height, width]` keeps the picture's shape and fills what is left";
  }
  const Size2 first =
      preprocess.resize_warp.value_or(Size2{preprocess.resize_short.value_or(0), preprocess.resize_short.value_or(0)});
  const bool resized = preprocess.resize_warp || preprocess.resize_short;
  if (resized && preprocess.crop && (preprocess.crop->height > first.height || preprocess.crop->width > first.width)) {
    diagnostics.error("bad-preprocess", fields.find("crop")->range,
                      fmt::format("a crop of {} does not fit into what `resize` leaves", size_text(*preprocess.crop)));
  }
}

bool read_sizes(const Fields& fields, Preprocess& out, Diagnostics& diagnostics) {
  bool ok = true;
  const auto read = [&](std::string_view key, auto& member) {
    if (const YamlNode* value = fields.find(key)) ok &= read_value(*value, fields.info(key), member, diagnostics);
  };
  const YamlNode* resize = fields.find("resize");
  if (resize != nullptr && resize->is_sequence()) {
    read("resize", out.resize_warp);
  } else {
    read("resize", out.resize_short);
  }
  read("central_fraction", out.central_fraction);
  read("letterbox", out.letterbox);
  read("crop", out.crop);
  read("filter", out.filter);
  read("channels", out.channels);
  read("alpha", out.alpha);
  return ok;
}

bool read_colors(const Fields& fields, Preprocess& out, Diagnostics& diagnostics) {
  const auto channels = static_cast<size_t>(out.channels == ChannelOrder::gray ? 1 : 3);
  out.mean.assign(channels, 0);
  out.scale.assign(channels, 1);
  if (out.letterbox) out.fill.assign(channels, 0);
  bool ok = true;
  const auto read = [&](std::string_view key, std::vector<double>& member) {
    if (const YamlNode* value = fields.find(key))
      ok &= read_per_channel(*value, fields.info(key), channels, member, diagnostics);
  };
  read("fill", out.fill);
  read("mean", out.mean);
  read("scale", out.scale);
  return ok;
}

}  // namespace

void read_preprocess(const YamlNode& node, NetworkSpec& spec, bool has_shape, Diagnostics& diagnostics) {
  Fields fields(node, "`preprocess`", preprocess_keys, diagnostics);
  bool ok = fields.finish();
  Preprocess out;
  ok &= read_sizes(fields, out, diagnostics);
  ok &= read_colors(fields, out, diagnostics);
  if (!ok) return;
  spec.preprocess = out;
  check_combination(out, fields, diagnostics);
  if (!has_shape) return;
  const YamlNode* order = fields.find("channels");
  check_channels(out, order != nullptr ? order->range : node.range, spec.input[2], diagnostics);
  check_end(out, fields, {spec.input[0], spec.input[1]}, diagnostics);
}

}  // namespace deeper
