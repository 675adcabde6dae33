#include "dsl/schema_types.h"

namespace deeper::schema {

Json reference(const std::string& definition) { return {{"$ref", "#/definitions/" + definition}}; }

Json or_dollar(Json value) { return {{"anyOf", Json::array({std::move(value), reference("dollar")})}}; }

Json words(std::span<const std::string_view> words) {
  Json list = Json::array();
  for (const std::string_view word : words) list.push_back(std::string(word));
  return or_dollar({{"enum", std::move(list)}});
}

namespace {

Json bounded(const char* type, const KeyInfo& key) {
  Json json = {{"type", type}};
  if (std::isfinite(key.low)) json[key.above ? "exclusiveMinimum" : "minimum"] = key.low;
  if (std::isfinite(key.high)) json["maximum"] = key.high;
  return json;
}

Json list_of(const Json& item, int least, int most) {
  return {{"type", "array"}, {"items", item}, {"minItems", least}, {"maxItems", most}};
}

Json only(const std::string& key, const Json& value) {
  Json properties;
  properties[key] = value;
  return {{"type", "object"}, {"properties", properties}, {"required", {key}}, {"additionalProperties", false}};
}

}  // namespace

Json whole(const KeyInfo& key) { return {{"anyOf", Json::array({bounded("integer", key), reference("expression")})}}; }

Json number(const KeyInfo& key) { return or_dollar(bounded("number", key)); }

Json numbers() {
  const Json one = or_dollar({{"type", "number"}});
  return {{"anyOf", Json::array({one, list_of(one, 1, 1 << 20)})}};
}

std::string description(const KeyInfo& key, const std::string& fallback) {
  std::string text(key.doc);
  const std::string shown = key.fallback.empty() ? fallback : std::string(key.fallback);
  if (key.required) return text + " (required)";
  return shown.empty() ? text : text + " (default: " + shown + ")";
}

Json type_schema(const KeyInfo& key, const Size2&) {
  return {{"anyOf", Json::array({whole(key), list_of(whole(key), 2, 2)})}};
}

Json type_schema(const KeyInfo& key, const Pad&) {
  const Json one = whole(key);
  return {
      {"anyOf", Json::array({{{"enum", {"same", "same_tf", "valid"}}}, one, list_of(one, 2, 2), list_of(one, 4, 4)})}};
}

Json type_schema(const KeyInfo&, const ActivationSpec&) {
  Json plain = Json::array();
  for (const std::string_view word : words_of(ActivationKind{}))
    if (word != word_of(ActivationKind::leaky_relu)) plain.push_back(std::string(word));
  const std::string leaky(word_of(ActivationKind::leaky_relu));
  return or_dollar({{"anyOf", Json::array({{{"enum", plain}}, only(leaky, number(KeyInfo{}))})}});
}

Json type_schema(const KeyInfo&, const std::optional<BatchNormSpec>&) {
  return {{"anyOf", Json::array({layer_schema<BatchNormSpec>(""), or_dollar({{"const", "none"}})})}};
}

Json Properties::take() {
  if (!whole_.is_null()) return std::move(whole_);
  // `conv:` with nothing behind it is null, an empty mapping: `defaults` may hold the rest.
  return {{"type", {"object", "null"}}, {"properties", std::move(properties_)}, {"additionalProperties", false}};
}

}  // namespace deeper::schema
