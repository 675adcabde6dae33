// JSON Schemas of the types that a layer's keys can take.
#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dsl/layer_fields.h"

namespace deeper::schema {

using Json = nlohmann::ordered_json;

Json reference(const std::string& definition);
/// `value`, or text that holds a `$`.
Json or_dollar(Json value);
Json words(std::span<const std::string_view> words);
/// Whole numbers are also expressions without a name in them: "6 // 2".
Json whole(const KeyInfo& key);
Json number(const KeyInfo& key);
/// One value for all channels, or a list.
Json numbers();
/// The doc line, with the default behind it.
std::string description(const KeyInfo& key, const std::string& fallback);

inline Json type_schema(const KeyInfo& key, int64_t) { return whole(key); }
inline Json type_schema(const KeyInfo& key, double) { return number(key); }
inline Json type_schema(const KeyInfo&, bool) { return or_dollar({{"type", "boolean"}}); }
Json type_schema(const KeyInfo& key, const Size2&);
Json type_schema(const KeyInfo& key, const Pad&);
Json type_schema(const KeyInfo& key, const ActivationSpec&);
Json type_schema(const KeyInfo& key, const std::optional<BatchNormSpec>&);

template <WordEnum T>
Json type_schema(const KeyInfo&, T) {
  return words(words_of(T{}));
}

template <class T>
Json type_schema(const KeyInfo& key, const std::optional<T>&) {
  return type_schema(key, T{});
}

/// The visitor of layer_fields.h that writes a schema.
class Properties {
 public:
  explicit Properties(std::string_view skip) : skip_(skip) {}

  template <class T>
  void operator()(const KeyInfo& key, T& member) {
    if (key.name == skip_) return;
    Json property = {{"description", description(key, key.required ? "" : value_text(std::as_const(member)))}};
    property.update(type_schema(key, std::as_const(member)));
    properties_[std::string(key.name)] = std::move(property);
  }
  template <class T>
  void whole(const KeyInfo& key, T& member) {
    whole_ = type_schema(key, std::as_const(member));
  }
  template <class T>
  void derive(T&, const T&) {}

  Json take();

 private:
  std::string_view skip_;
  Json properties_ = Json::object();
  Json whole_;
};

template <class Layer>
Json layer_schema(std::string_view skip) {
  Layer layer{};
  Properties properties(skip);
  fields(layer, properties);
  return properties.take();
}

}  // namespace deeper::schema
