#include "dsl/schema.h"

#include <map>

#include "dsl/keys.h"
#include "dsl/schema_types.h"

namespace deeper {
namespace {

using namespace schema;

template <class... Layers>
Json keys_by_word(std::type_identity<std::variant<Layers...>>) {
  Json words;
  ((words[std::string(Layers::word)] = layer_schema<Layers>("")), ...);
  for (const char* word : {"max_pool", "average_pool"}) words[word] = layer_schema<PoolLayer>("kind");
  return words;
}

/// Shapes of what keys.h can only describe in words, by key.
using Types = std::map<std::string_view, Json>;

Json map_of(const Json& value) { return {{"type", "object"}, {"additionalProperties", value}}; }
// Names and texts are read as written, whatever a scalar would be elsewhere: `id: 7`, `about: 2014`.
Json text() { return {{"type", {"string", "number", "boolean", "null"}}}; }

/// A mapping with the keys of a table: names, docs and which are required come from there, types from `types`.
template <size_t N>
Json mapping(const KeyInfo (&keys)[N], const Types& types) {
  Json properties, required = Json::array();
  for (const KeyInfo& key : keys) {
    Json property = {{"description", description(key, "")}};
    property.update(types.at(key.name));
    properties[std::string(key.name)] = property;
    if (key.required) required.push_back(std::string(key.name));
  }
  Json out = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = required;
  return out;
}

/// `value`, or one of several of its kind by a parameter.
Json or_choice(Json value) { return {{"anyOf", Json::array({std::move(value), reference("choice")})}}; }

Json shape() {
  return {
      {"type", "array"}, {"items", whole(KeyInfo{.name = "", .doc = "", .low = 1})}, {"minItems", 3}, {"maxItems", 3}};
}

template <size_t N>
void add_keys(Json& properties, const KeyInfo (&keys)[N], const Types& types) {
  properties.update(mapping(keys, types)["properties"]);
}

// One of the words says what the layer does; the keys beside it are those of any layer.
Json layer(const Json& by_word) {
  Json id = text();
  id["pattern"] = "\\$|^[A-Za-z0-9_./-]+$";
  const Types types = {{"id", id},
                       {"in", text()},
                       {"expect", reference("expect")},
                       {"residual", reference("residual")},
                       {"repeat", whole(layer_keys[4])},
                       {"use", text()},
                       {"with", {{"type", "object"}}},
                       {"branches", map_of(reference("layers"))},
                       {"join", words(words_of(Branches::Join{}))}};
  Json properties = Json::object(), choices = Json::array();
  add_keys(properties, layer_keys, types);
  add_keys(properties, use_keys, types);
  add_keys(properties, branches_keys, types);
  for (const auto& [word, unused] : by_word.items()) {
    properties[word] = reference("keys_" + word);
    choices.push_back({{"required", {word}}});
  }
  choices.push_back({{"required", {"use"}}});
  choices.push_back({{"required", {"branches"}}});
  const Json dependencies = {{"with", {"use"}}, {"join", {"branches"}}, {"repeat", {"id"}}};
  return {{"type", "object"},
          {"properties", properties},
          {"additionalProperties", false},
          {"oneOf", choices},
          {"dependencies", dependencies}};
}

// Of the network itself and of heads: no branch is there whose name a layer could take.
Json named_layer(const Json& by_word) {
  Json choices = Json::array({{{"required", {"use"}}}});
  for (const auto& [word, unused] : by_word.items())
    if (has_weights(word)) choices.push_back({{"required", {word}}});
  return {{"allOf", Json::array({reference("layer")})}, {"if", {{"anyOf", choices}}}, {"then", {{"required", {"id"}}}}};
}

Json layers_of(const char* kind, int least = 0) {
  Json list = {{"type", {"array", "null"}}, {"items", reference(kind)}};
  if (least > 0) list["minItems"] = least;
  return or_choice(std::move(list));
}

Json residual() {
  return mapping(residual_keys, {{"shortcut", reference("layers")},
                                 {"scale", number(KeyInfo{})},
                                 {"activation", type_schema(KeyInfo{}, ActivationSpec{})}});
}

Json declaration() {
  const Json plain = {{"type", {"string", "number", "boolean"}}};
  Json declared = mapping(declaration_keys, {{"type", {{"enum", {"int", "number", "bool"}}}},
                                             {"one_of", {{"type", "array"}, {"minItems", 1}}},
                                             {"default", plain}});
  return {{"anyOf", Json::array({plain, declared})}};
}

Json block() {
  const Types types = {{"args", map_of(reference("declaration"))},
                       {"layers", reference("layers")},
                       {"branches", map_of(reference("layers"))},
                       {"join", words(words_of(Branches::Join{}))},
                       {"residual", reference("residual")}};
  Json out = mapping(block_keys, types);
  out["oneOf"] = Json::array({{{"required", {"layers"}}}, {{"required", {"branches"}}}});
  return out;
}

Json input() {
  const Json size = type_schema(KeyInfo{.name = "", .doc = "", .low = 1}, Size2{});
  const Json preprocess =
      mapping(preprocess_keys,
              {{"central_fraction", number(KeyInfo{.name = "", .doc = "", .above = true, .low = 0, .high = 1})},
               {"resize", size},
               {"letterbox", size},
               {"fill", numbers()},
               {"crop", size},
               {"filter", words(words_of(Filter{}))},
               {"channels", words(words_of(ChannelOrder{}))},
               {"alpha", words(words_of(Alpha{}))},
               {"mean", numbers()},
               {"scale", numbers()}});
  return mapping(input_keys, {{"shape", or_choice(shape())}, {"preprocess", or_choice(preprocess)}});
}

Json head() {
  return mapping(head_keys, {{"from", text()},
                             {"optional", or_dollar({{"type", "boolean"}})},
                             {"loss_weight", number(KeyInfo{})},
                             {"layers", layers_of("named_layer")},
                             {"labels", text()},
                             {"topk", whole(KeyInfo{.name = "", .doc = "", .low = 1})},
                             {"expect", reference("expect")}});
}

Json weights() {
  const Json rule =
      mapping(rename_keys, {{"from", text()}, {"to", text()}, {"more", or_dollar({{"type", "boolean"}})}});
  return mapping(weights_keys, {{"layout", words(words_of(WeightLayout{}))},
                                {"rename", or_choice({{"type", "array"}, {"items", rule}})},
                                {"ignore", or_choice({{"type", "array"}, {"items", text()}})}});
}

Json network(const Json& by_word) {
  Json defaults;
  for (const auto& [word, unused] : by_word.items()) defaults[word] = reference("keys_" + word);
  Json heads = map_of(head());
  heads["minProperties"] = 1;
  const Types types = {{"deeper", {{"const", 1}}},
                       {"name", {{"type", {"string", "boolean", "null"}}, {"pattern", "^[a-z][a-z0-9_]{0,63}$"}}},
                       {"about", text()},
                       {"params", map_of(reference("declaration"))},
                       {"include", {{"type", "array"}, {"items", text()}}},
                       {"input", input()},
                       {"defaults", {{"type", "object"}, {"properties", defaults}, {"additionalProperties", false}}},
                       {"blocks", map_of(reference("block"))},
                       {"layers", layers_of("named_layer", 1)},
                       {"heads", heads},
                       {"weights", or_choice(weights())},
                       {"expect", reference("expect")},
                       {"goldens", text()}};
  return mapping(network_keys, types);
}

Json definitions(const Json& by_word) {
  Json out;
  for (const auto& [word, keys] : by_word.items()) out["keys_" + word] = keys;
  const Json words = {{"type", "object"}, {"minProperties", 1}};
  out["choice"] = {{"type", "object"},
                   {"patternProperties", {{"^\\$[A-Za-z_][A-Za-z0-9_]*$", words}}},
                   {"additionalProperties", false},
                   {"minProperties", 1},
                   {"maxProperties", 1}};
  out["dollar"] = or_choice({{"type", "string"}, {"pattern", "\\$"}});
  // Each name begins with a `$`; written so that a text matches in one way only, which keeps editors quick.
  out["expression"] =
      or_choice({{"type", "string"},
                 {"minLength", 1},
                 {"pattern", R"(^[-+*/()0-9 ]*(\$[A-Za-z_][A-Za-z0-9_]*([-+*/() ][-+*/()0-9 ]*)?)*$)"}});
  out["layer"] = layer(by_word);
  out["named_layer"] = named_layer(by_word);
  out["layers"] = layers_of("layer");
  out["residual"] = residual();
  out["declaration"] = declaration();
  out["block"] = block();
  const Json figure = whole(KeyInfo{.name = "", .doc = "", .low = 0});
  out["expect"] = mapping(expect_keys, {{"out", shape()}, {"params", figure}, {"macs", figure}});
  out["blocks_file"] = mapping(include_keys, {{"deeper", {{"const", 1}}}, {"blocks", map_of(reference("block"))}});
  out["network_file"] = network(by_word);
  return out;
}

}  // namespace

std::string json_schema() {
  const Json by_word = keys_by_word(std::type_identity<LayerOp>{});
  Json out = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "deeper network, version 1"}};
  // A file with a name is a network; one without holds blocks for others to include.
  out["if"] = {{"type", "object"},
               {"required", {"blocks"}},
               {"not", {{"anyOf", Json::array({{{"required", {"name"}}}, {{"required", {"layers"}}}})}}}};
  out["then"] = reference("blocks_file");
  out["else"] = reference("network_file");
  out["definitions"] = definitions(by_word);
  return out.dump(2) + "\n";
}

}  // namespace deeper
