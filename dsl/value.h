// Every type that a key can take: how it is read, written, and named in messages and tables.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dsl/diagnostics.h"
#include "dsl/keys.h"
#include "dsl/layers.h"
#include "dsl/spec.h"
#include "dsl/yaml_tree.h"

namespace deeper {

// Words of an enumeration, in its order.
std::span<const std::string_view> words_of(ActivationKind);
std::span<const std::string_view> words_of(PoolKind);
std::span<const std::string_view> words_of(Rounding);
std::span<const std::string_view> words_of(AverageCount);
std::span<const std::string_view> words_of(AlphaMode);
std::span<const std::string_view> words_of(LrnWindow);
std::span<const std::string_view> words_of(FlattenOrder);
std::span<const std::string_view> words_of(Filter);
std::span<const std::string_view> words_of(ChannelOrder);
std::span<const std::string_view> words_of(Alpha);
std::span<const std::string_view> words_of(WeightLayout);
std::span<const std::string_view> words_of(Branches::Join);

template <class T>
concept WordEnum = requires(T value) { words_of(value); };

template <WordEnum T>
std::string_view word_of(T value) {
  return words_of(value)[static_cast<size_t>(value)];
}

/// The index of a word; empty, with an error, where `node` is none of them.
std::optional<size_t> read_word(const YamlNode& node, std::string_view key, std::span<const std::string_view> words,
                                Diagnostics& diagnostics);

// Each returns false, with an error (silent for poison), and leaves `out` alone where the value does not fit.
bool read_value(const YamlNode& node, const KeyInfo& key, int64_t& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, double& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, bool& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, std::string& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, Size2& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, Pad& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, ActivationSpec& out, Diagnostics& diagnostics);
bool read_value(const YamlNode& node, const KeyInfo& key, std::optional<BatchNormSpec>& out, Diagnostics& diagnostics);

template <WordEnum T>
bool read_value(const YamlNode& node, const KeyInfo& key, T& out, Diagnostics& diagnostics) {
  const auto index = read_word(node, key.name, words_of(T{}), diagnostics);
  if (index) out = static_cast<T>(*index);
  return index.has_value();
}

template <class T>
bool read_value(const YamlNode& node, const KeyInfo& key, std::optional<T>& out, Diagnostics& diagnostics) {
  T value{};
  if (!read_value(node, key, value, diagnostics)) return false;
  out = value;
  return true;
}

/// As YAML, in flow style; an empty optional is an empty text and is not written.
std::string value_text(int64_t value);
std::string value_text(double value);
std::string value_text(bool value);
std::string value_text(const Size2& value);
std::string value_text(const Pad& value);
std::string value_text(const ActivationSpec& value);
std::string value_text(const std::optional<BatchNormSpec>& value);
/// Any text, in quotes where YAML needs them.
std::string value_text(std::string_view value);
inline std::string value_text(const std::string& value) { return value_text(std::string_view(value)); }
inline std::string value_text(const char*) = delete;

template <WordEnum T>
std::string value_text(T value) {
  return std::string(word_of(value));
}

template <class T>
std::string value_text(const std::optional<T>& value) {
  return value ? value_text(*value) : std::string();
}

/// "a whole number or [height, width]"
std::string type_text(int64_t);
std::string type_text(double);
std::string type_text(bool);
std::string type_text(const std::string&);
std::string type_text(const Size2&);
std::string type_text(const Pad&);
std::string type_text(const ActivationSpec&);
std::string type_text(const std::optional<BatchNormSpec>&);
/// "a, b or c"
std::string type_text(std::span<const std::string_view> words);

template <WordEnum T>
std::string type_text(T value) {
  return type_text(words_of(value));
}

template <class T>
std::string type_text(const std::optional<T>&) {
  return type_text(T{});
}

}  // namespace deeper
