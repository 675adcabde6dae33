#include "dsl/parse_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/expand.h"
#include "dsl/field.h"
#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr KeyInfo shape_key = {.name = "shape", .doc = {}, .low = 1};
constexpr KeyInfo out_key = {.name = "out", .doc = {}, .low = 1};

/// [height, width, channels]
bool read_shape(const YamlNode& node, const KeyInfo& key, std::array<int64_t, 3>& out, Diagnostics& diagnostics) {
  if (node.is_poison()) return false;
  if (!node.is_sequence() || node.items.size() != 3) {
    const std::string got = node.is_sequence() ? fmt::format("a list of {}", node.items.size()) : seen(node);
    diagnostics.error(node.is_sequence() ? "wrong-count" : "wrong-type", node.range,
                      fmt::format("{} takes [height, width, channels], not {}", ticked(key.name), got));
    return false;
  }
  std::array<int64_t, 3> shape{};
  bool ok = true;
  for (size_t i = 0; i < 3; ++i) ok &= read_value(node.items[i], key, shape[i], diagnostics);
  if (ok) out = shape;
  return ok;
}

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
void check_size(const Preprocess& preprocess, const Fields& fields, const Size2& input, Diagnostics& diagnostics) {
  const auto& last = preprocess.crop ? preprocess.crop : preprocess.resize_warp;
  if (last && *last != input) {
    const std::string_view key = preprocess.crop ? "crop" : "resize";
    diagnostics.error("bad-preprocess", fields.find(key)->range,
                      fmt::format("`{}` ends at {}, but the input is {}", key, size_text(*last), size_text(input)));
  } else if (!last && preprocess.resize_short) {
    diagnostics
        .error("bad-preprocess", fields.find("resize")->range,
               fmt::format("a short side of {} fixes one side only", *preprocess.resize_short))
        .help = fmt::format("`crop: [{0}, {1}]` behind it, or `resize: [{0}, {1}]`", input.height, input.width);
  }
  const Size2 first =
      preprocess.resize_warp.value_or(Size2{preprocess.resize_short.value_or(0), preprocess.resize_short.value_or(0)});
  const bool resized = preprocess.resize_warp || preprocess.resize_short;
  if (resized && preprocess.crop && (preprocess.crop->height > first.height || preprocess.crop->width > first.width)) {
    diagnostics.error("bad-preprocess", fields.find("crop")->range,
                      fmt::format("a crop of {} does not fit into what `resize` leaves", size_text(*preprocess.crop)));
  }
}

void read_preprocess(const YamlNode& node, NetworkSpec& spec, bool has_shape, Diagnostics& diagnostics) {
  Fields fields(node, "`preprocess`", preprocess_keys, diagnostics);
  bool ok = fields.finish();
  Preprocess out;
  const auto read = [&](std::string_view key, auto& member) {
    if (const YamlNode* value = fields.find(key)) ok &= read_value(*value, fields.info(key), member, diagnostics);
  };
  const YamlNode* resize = fields.find("resize");
  if (resize != nullptr && resize->is_sequence()) {
    read("resize", out.resize_warp);
  } else {
    read("resize", out.resize_short);
  }
  read("crop", out.crop);
  read("filter", out.filter);
  read("channels", out.channels);
  read("alpha", out.alpha);
  const auto channels = static_cast<size_t>(out.channels == ChannelOrder::gray ? 1 : 3);
  out.mean.assign(channels, 0);
  out.scale.assign(channels, 1);
  if (const YamlNode* mean = fields.find("mean"))
    ok &= read_per_channel(*mean, fields.info("mean"), channels, out.mean, diagnostics);
  if (const YamlNode* scale = fields.find("scale"))
    ok &= read_per_channel(*scale, fields.info("scale"), channels, out.scale, diagnostics);
  if (!ok) return;
  spec.preprocess = out;
  if (!has_shape) return;
  const YamlNode* order = fields.find("channels");
  check_channels(out, order != nullptr ? order->range : node.range, spec.input[2], diagnostics);
  check_size(out, fields, {spec.input[0], spec.input[1]}, diagnostics);
}

/// `to` may only use what the stars of `from` took.
void check_rename(const RenameRule& rule, Range to_range, Diagnostics& diagnostics) {
  const auto stars = std::count(rule.from.begin(), rule.from.end(), '*');
  for (size_t open = rule.to.find('{'); open != std::string::npos; open = rule.to.find('{', open + 1)) {
    const size_t close = rule.to.find('}', open);
    const auto number =
        parse_int(std::string_view(rule.to).substr(open + 1, close == std::string::npos ? 0 : close - open - 1));
    if (number && *number >= 1 && *number <= stars) continue;
    diagnostics
        .error("bad-rename", to_range,
               fmt::format("{} uses what no `*` of {} took", ticked(rule.to.substr(open, close - open + 1)),
                           ticked(rule.from)))
        .help = fmt::format("`from` has {} `*`: {{1}} is what the first took", stars);
    return;
  }
}

void read_rename(const YamlNode& node, NetworkSpec& spec, Diagnostics& diagnostics) {
  if (!expect_sequence(node, "a list of rules", diagnostics)) return;
  for (const YamlNode& item : node.items) {
    Fields rule_fields(item, "a rename rule", rename_keys, diagnostics);
    if (!rule_fields.finish()) continue;
    RenameRule rule{item.range, {}, {}, false};
    const YamlNode& to = *rule_fields.find("to");
    bool ok = read_value(*rule_fields.find("from"), rule_fields.info("from"), rule.from, diagnostics);
    ok &= read_value(to, rule_fields.info("to"), rule.to, diagnostics);
    if (const YamlNode* more = rule_fields.find("more"))
      ok &= read_value(*more, rule_fields.info("more"), rule.more, diagnostics);
    if (!ok) continue;
    check_rename(rule, to.range, diagnostics);
    spec.rename.push_back(std::move(rule));
  }
}

void read_ignore(const YamlNode& node, const KeyInfo& key, NetworkSpec& spec, Diagnostics& diagnostics) {
  if (!expect_sequence(node, "a list of names", diagnostics)) return;
  for (const YamlNode& item : node.items) {
    IgnorePattern pattern{item.range, {}};
    if (read_value(item, key, pattern.pattern, diagnostics)) spec.ignore.push_back(std::move(pattern));
  }
}

}  // namespace

void read_input(const YamlNode& node, NetworkSpec& spec, Diagnostics& diagnostics) {
  spec.input_range = node.range;
  Fields fields(node, "`input`", input_keys, diagnostics);
  fields.finish();
  bool has_shape = false;
  if (const YamlNode* shape = fields.find("shape")) {
    spec.input_range = shape->range;
    has_shape = read_shape(*shape, shape_key, spec.input, diagnostics);
  }
  if (const YamlNode* preprocess = fields.find("preprocess")) {
    spec.preprocess_range = preprocess->range;
    read_preprocess(*preprocess, spec, has_shape, diagnostics);
  }
}

void read_weights(const YamlNode& node, NetworkSpec& spec, Diagnostics& diagnostics) {
  spec.weights_range = node.range;
  Fields fields(node, "`weights`", weights_keys, diagnostics);
  fields.finish();
  if (const YamlNode* layout = fields.find("layout"))
    read_value(*layout, fields.info("layout"), spec.layout, diagnostics);
  if (const YamlNode* rename = fields.find("rename")) read_rename(*rename, spec, diagnostics);
  if (const YamlNode* ignore = fields.find("ignore")) read_ignore(*ignore, fields.info("ignore"), spec, diagnostics);
}

static Expect::Place place_of(const YamlNode& number) { return {number.range, !number.written.empty()}; }

Expect read_expect(const YamlNode& node, Diagnostics& diagnostics) {
  Fields fields(node, "`expect`", expect_keys, diagnostics);
  fields.finish();
  Expect out;
  if (const YamlNode* shape = fields.find("out")) {
    Expect::OutShape value;
    value.range = shape->range;
    for (const YamlNode& item : shape->items) value.with_params |= item.from_param;
    for (size_t i = 0; i < std::min(shape->items.size(), value.places.size()); ++i)
      value.places[i] = place_of(shape->items[i]);
    if (read_shape(*shape, out_key, value.value, diagnostics)) out.out = value;
  }
  const auto read = [&](std::string_view key, std::optional<Expect::Figure>& member) {
    const YamlNode* number = fields.find(key);
    if (number == nullptr) return;
    Expect::Figure figure{0, number->range, number->from_param, place_of(*number)};
    if (read_value(*number, fields.info(key), figure.value, diagnostics)) member = figure;
  };
  read("params", out.params);
  read("macs", out.macs);
  return out;
}

}  // namespace deeper
