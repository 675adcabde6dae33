#include "dsl/parse_input.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/expand.h"
#include "dsl/field.h"
#include "dsl/layer_fields.h"
#include "dsl/parse_preprocess.h"
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
