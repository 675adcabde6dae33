#include "dsl/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dsl/expression.h"
#include "dsl/field.h"
#include "dsl/foreign_words.h"
#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr std::string_view pad_words[] = {"same", "same_tf", "valid"};

constexpr KeyInfo activation_keys[] = {{.name = "leaky_relu", .doc = "slope for negative inputs", .type = "number"}};

bool wrong_type(const YamlNode& node, const KeyInfo& key, const std::string& type, Diagnostics& diagnostics,
                std::string help = {}) {
  if (node.is_poison()) return false;
  const bool quoted_number = node.is_scalar() && !node.plain && node.written.empty() && parse_number(node.text);
  if (quoted_number && help.empty()) help = "in quotes it is a text";
  diagnostics.error("wrong-type", node.range, fmt::format("{} takes {}, not {}", ticked(key.name), type, seen(node)))
      .help = std::move(help);
  return false;
}

bool check_bounds(const YamlNode& node, const KeyInfo& key, double value, Diagnostics& diagnostics) {
  const bool low = key.above ? value <= key.low : value < key.low;
  if (!low && value <= key.high) return true;
  const std::string bound = low ? fmt::format("{} {}", key.above ? "more than" : "at least", number_text(key.low))
                                : fmt::format("at most {}", number_text(key.high));
  diagnostics.error("out-of-range", node.range,
                    fmt::format("{} must be {}, not {}", ticked(key.name), bound, seen(node)));
  return false;
}

/// The network computes in 32-bit floats.
bool check_float(const YamlNode& node, const KeyInfo& key, double value, Diagnostics& diagnostics) {
  if (std::abs(value) <= double{std::numeric_limits<float>::max()}) return true;
  diagnostics.error("out-of-range", node.range,
                    fmt::format("{} must fit a 32-bit float, at most 3.4e38, not {}", ticked(key.name), seen(node)));
  return false;
}

/// A number literal, or arithmetic without names (with names it is replaced before).
bool read_int(const YamlNode& node, const KeyInfo& key, const std::string& type, int64_t& out,
              Diagnostics& diagnostics) {
  if (!node.is_scalar() || !node.plain) return wrong_type(node, key, type, diagnostics);
  auto value = parse_int(node.text);
  if (!value && looks_like_int(node.text)) value = node.text[0] == '-' ? INT64_MIN : INT64_MAX;
  if (!value && looks_like_arithmetic(node.text)) {
    const auto result = evaluate(node.text, [](std::string_view) { return int64_t{0}; });
    if (const auto* error = std::get_if<ExpressionError>(&result)) {
      diagnostics.error(error->id, part_of(node, node.text, error->offset, error->length), error->message).help =
          error->help;
      return false;
    }
    value = std::get<int64_t>(result);
  }
  if (!value) return wrong_type(node, key, type, diagnostics);
  if (*value > max_int || *value < -max_int) {
    diagnostics.error("out-of-range", node.range, fmt::format("{} goes beyond 2^40 = {}", ticked(node.text), max_int));
    return false;
  }
  if (!check_bounds(node, key, static_cast<double>(*value), diagnostics)) return false;
  out = *value;
  return true;
}

/// All items of a list of whole numbers.
bool read_ints(const YamlNode& node, const KeyInfo& key, std::span<int64_t> out, Diagnostics& diagnostics) {
  bool ok = true;
  for (size_t i = 0; i < out.size(); ++i) ok &= read_int(node.items[i], key, "whole numbers", out[i], diagnostics);
  return ok;
}

bool wrong_count(const YamlNode& node, const KeyInfo& key, const std::string& type, Diagnostics& diagnostics) {
  diagnostics.error("wrong-count", node.range,
                    fmt::format("{} takes {}, not a list of {}", ticked(key.name), type, node.items.size()));
  return false;
}

std::string flow_list(std::span<const int64_t> values) {
  std::string out;
  for (int64_t value : values) out += (out.empty() ? "" : ", ") + std::to_string(value);
  return "[" + out + "]";
}

}  // namespace

std::optional<size_t> read_word(const YamlNode& node, std::string_view key, std::span<const std::string_view> words,
                                Diagnostics& diagnostics) {
  if (node.is_poison()) return std::nullopt;
  // `null` and `true` are words too where a word is wanted.
  const auto at = node.is_scalar() ? std::find(words.begin(), words.end(), node.text) : words.end();
  if (at != words.end()) return static_cast<size_t>(at - words.begin());
  auto& error = diagnostics.error(node.is_text() ? "unknown-word" : "wrong-type", node.range,
                                  fmt::format("{} takes {}, not {}", ticked(key), type_text(words), seen(node)));
  if (!node.is_text()) return std::nullopt;
  if (words.data() == words_of(ActivationKind{}).data())
    error.help = foreign_word_help(ForeignPlace::activation, node.text);
  if (words.data() == std::data(pad_words)) error.help = foreign_word_help(ForeignPlace::pad, node.text);
  const std::string_view near = error.help.empty() ? nearest(node.text, {words.begin(), words.end()}) : "";
  if (!near.empty()) error.help = fmt::format("did you mean {}?", ticked(near));
  return std::nullopt;
}

bool read_value(const YamlNode& node, const KeyInfo& key, int64_t& out, Diagnostics& diagnostics) {
  return read_int(node, key, type_text(out), out, diagnostics);
}

bool read_value(const YamlNode& node, const KeyInfo& key, double& out, Diagnostics& diagnostics) {
  const auto value = node.is_scalar() && node.plain ? parse_number(node.text) : std::nullopt;
  if (!value) return wrong_type(node, key, type_text(out), diagnostics);
  if (!check_bounds(node, key, *value, diagnostics) || !check_float(node, key, *value, diagnostics)) return false;
  out = *value;
  return true;
}

bool read_value(const YamlNode& node, const KeyInfo& key, bool& out, Diagnostics& diagnostics) {
  const auto value = node.is_scalar() && node.plain ? parse_bool(node.text) : std::nullopt;
  if (!value) return wrong_type(node, key, type_text(out), diagnostics, "only `true` and `false` are booleans");
  out = *value;
  return true;
}

bool read_value(const YamlNode& node, const KeyInfo& key, std::string& out, Diagnostics& diagnostics) {
  if (!node.is_scalar()) return wrong_type(node, key, type_text(out), diagnostics);
  out = node.text;
  return true;
}

bool read_value(const YamlNode& node, const KeyInfo& key, Size2& out, Diagnostics& diagnostics) {
  if (!node.is_sequence()) {
    int64_t value = 0;
    if (!read_int(node, key, type_text(out), value, diagnostics)) return false;
    out = {value, value};
    return true;
  }
  int64_t values[2];
  if (node.items.size() != 2) return wrong_count(node, key, type_text(out), diagnostics);
  if (!read_ints(node, key, values, diagnostics)) return false;
  out = {values[0], values[1]};
  return true;
}

bool read_value(const YamlNode& node, const KeyInfo& key, Pad& out, Diagnostics& diagnostics) {
  if (node.is_text()) {
    const auto word = read_word(node, key.name, pad_words, diagnostics);
    if (!word) return false;
    constexpr Pad::Mode modes[] = {Pad::Mode::same, Pad::Mode::same_tf, Pad::Mode::valid};
    static_assert(std::size(modes) == std::size(pad_words));
    out = {modes[*word], 0, 0, 0, 0};
    return true;
  }
  int64_t v[4] = {};
  if (!node.is_sequence()) {
    if (!read_int(node, key, type_text(out), v[0], diagnostics)) return false;
    out = {Pad::Mode::numbers, v[0], v[0], v[0], v[0]};
    return true;
  }
  const size_t count = node.items.size();
  if (count != 2 && count != 4) return wrong_count(node, key, type_text(out), diagnostics);
  if (!read_ints(node, key, std::span(v, count), diagnostics)) return false;
  out = count == 2 ? Pad{Pad::Mode::numbers, v[0], v[1], v[0], v[1]} : Pad{Pad::Mode::numbers, v[0], v[1], v[2], v[3]};
  return true;
}

bool read_value(const YamlNode& node, const KeyInfo& key, ActivationSpec& out, Diagnostics& diagnostics) {
  if (node.is_mapping()) {
    for (const NodeKey& function : node.keys) {
      std::string help = foreign_word_help(ForeignPlace::activation, function.text);
      if (function.text == "leaky_relu" || help.empty()) continue;
      diagnostics
          .error("unknown-word", function.range,
                 fmt::format("{} takes {}, not {}", ticked(key.name), type_text(out), ticked(function.text)))
          .help = std::move(help);
      return false;
    }
    Fields fields(node, ticked(key.name), activation_keys, diagnostics);
    const YamlNode* slope = fields.find("leaky_relu");
    ActivationSpec value{ActivationKind::leaky_relu, 0};
    if (!fields.finish()) return false;
    if (slope == nullptr) return wrong_type(node, key, type_text(out), diagnostics);
    if (!read_value(*slope, activation_keys[0], value.slope, diagnostics)) return false;
    out = value;
    return true;
  }
  if (!node.is_text()) return wrong_type(node, key, type_text(out), diagnostics);
  const auto word = read_word(node, key.name, words_of(ActivationKind{}), diagnostics);
  if (!word) return false;
  if (static_cast<ActivationKind>(*word) == ActivationKind::leaky_relu)
    return wrong_type(node, key, "leaky_relu with its slope", diagnostics, "`{leaky_relu: 0.1}`");
  out = {static_cast<ActivationKind>(*word), 0};
  return true;
}

bool read_value(const YamlNode& node, const KeyInfo& key, std::optional<BatchNormSpec>& out, Diagnostics& diagnostics) {
  if (node.is_scalar() && node.text == "none") {
    out.reset();
    return true;
  }
  if (!node.is_mapping()) return wrong_type(node, key, type_text(out), diagnostics);
  BatchNormSpec norm;
  if (!read_fields(node, ticked(key.name), norm, diagnostics)) return false;
  out = norm;
  return true;
}

std::string value_text(int64_t value) { return std::to_string(value); }
std::string value_text(double value) { return number_text(value); }
std::string value_text(bool value) { return value ? "true" : "false"; }

std::string value_text(const Size2& value) {
  const int64_t values[] = {value.height, value.width};
  return flow_list(values);
}

std::string value_text(const Pad& value) {
  switch (value.mode) {
    case Pad::Mode::same:
      return "same";
    case Pad::Mode::same_tf:
      return "same_tf";
    case Pad::Mode::valid:
      return "valid";
    case Pad::Mode::numbers:
      break;
  }
  const int64_t values[] = {value.top, value.left, value.bottom, value.right};
  return flow_list(values);
}

std::string value_text(const ActivationSpec& value) {
  if (value.kind == ActivationKind::leaky_relu) return fmt::format("{{leaky_relu: {}}}", number_text(value.slope));
  return std::string(word_of(value.kind));
}

std::string value_text(const std::optional<BatchNormSpec>& value) { return value ? fields_text(*value) : "none"; }

std::string value_text(std::string_view text) {
  const bool safe =
      !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./") ==
                           std::string_view::npos;
  if (safe && !is_null(text) && !parse_bool(text) && !parse_number(text) && !looks_like_int(text))
    return std::string(text);
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if ((c >= 0 && c < ' ') || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return escaped_controls(out + '"');
}

std::string type_text(int64_t) { return "a whole number"; }
std::string type_text(double) { return "a number"; }
std::string type_text(bool) { return "true or false"; }
std::string type_text(const std::string&) { return "a text"; }
std::string type_text(const Size2&) { return "a whole number or [height, width]"; }
std::string type_text(const Pad&) {
  return "a whole number, [height, width], [top, left, bottom, right], same, same_tf or valid";
}
std::string type_text(const ActivationSpec&) {
  std::vector<std::string_view> words;
  words.reserve(words_of(ActivationKind{}).size());
  for (const std::string_view word : words_of(ActivationKind{}))
    words.push_back(word == word_of(ActivationKind::leaky_relu) ? "{leaky_relu: slope}" : word);
  return type_text(words);
}
std::string type_text(const std::optional<BatchNormSpec>&) { return "{eps, gamma} or none"; }

std::string type_text(std::span<const std::string_view> words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace deeper
