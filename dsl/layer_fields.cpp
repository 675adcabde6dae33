#include "dsl/layer_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "dsl/field.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr std::string_view max_pool = "max_pool", average_pool = "average_pool";

/// Calls `f(std::type_identity<L>)` for the layer struct of a word.
template <class F, class... Layers>
bool with_layer(std::string_view word, F f, std::type_identity<std::variant<Layers...>>) {
  return ((word == Layers::word && (f(std::type_identity<Layers>{}), true)) || ...);
}

template <class F>
bool with_layer(std::string_view word, F f) {
  return with_layer(word == max_pool || word == average_pool ? PoolLayer::word : word, f,
                    std::type_identity<LayerOp>{});
}

template <class... Layers>
std::vector<std::string_view> words_in(std::type_identity<std::variant<Layers...>>) {
  return {Layers::word..., max_pool, average_pool};
}

/// What the word says by itself.
template <class L>
L initial(std::string_view word) {
  L layer{};
  if constexpr (std::is_same_v<L, PoolLayer>) layer.kind = word == average_pool ? PoolKind::average : PoolKind::max;
  return layer;
}

std::string_view fixed_key(std::string_view word) {
  return word == max_pool || word == average_pool ? std::string_view("kind") : std::string_view();
}

/// The visitor that only lists.
struct KeyNames {
  std::vector<std::string_view> names;
  template <class T>
  void operator()(const KeyInfo& key, T&) {
    names.push_back(key.name);
  }
  template <class T>
  void whole(const KeyInfo&, T&) {}
  template <class T>
  void derive(T&, const T&) {}
};

/// One spelling for what means the same.
void normalize(PoolLayer& layer) {
  if (layer.kind == PoolKind::max) layer.average = PoolLayer{}.average;
}
template <class L>
void normalize(L&) {}

}  // namespace

FieldReader::FieldReader(LayerSource source, Diagnostics& diagnostics)
    : source_(std::move(source)), diagnostics_(diagnostics) {}

const YamlNode* FieldReader::look_up(const KeyInfo& key) {
  if (key.name == source_.fixed_key) return nullptr;
  known_.push_back(key.name);
  const YamlNode* value = source_.node->is_mapping() ? source_.node->find(key.name) : nullptr;
  for (const YamlNode* defaults : source_.defaults)
    if (value == nullptr) value = defaults->find(key.name);
  if (value != nullptr) {
    places_.push_back({key.name, value->range});
  } else if (key.required && !source_.partial) {
    missing_.push_back(key.name);
  }
  return value;
}

bool FieldReader::finish(std::vector<KeyPlace>* places) {
  if (places != nullptr) *places = std::move(places_);
  if (is_whole_) return ok_;
  if (!expect_mapping(*source_.node, "a mapping", diagnostics_)) return false;
  return report_keys(*source_.node, {source_.what, known_, missing_}, diagnostics_) && ok_;
}

const std::vector<std::string_view>& layer_words() {
  static const std::vector<std::string_view> all = words_in(std::type_identity<LayerOp>{});
  return all;
}

bool has_weights(std::string_view word) {
  return word == ConvLayer::word || word == SeparableConvLayer::word || word == DenseLayer::word ||
         word == BatchNormLayer::word;
}

std::vector<std::string_view> default_words(std::string_view word) {
  if (fixed_key(word).empty()) return {word};
  return {word, PoolLayer::word};
}

std::optional<LayerOp> read_layer_op(std::string_view word, const YamlNode& value, const YamlNode* defaults,
                                     std::vector<KeyPlace>& places, Diagnostics& diagnostics) {
  LayerSource source{&value, ticked(word), {}, fixed_key(word), false};
  for (std::string_view each : default_words(word)) {
    const YamlNode* entry = defaults != nullptr ? defaults->find(each) : nullptr;
    if (entry != nullptr && entry->is_mapping()) source.defaults.push_back(entry);
  }
  std::optional<LayerOp> out;
  with_layer(word, [&]<class L>(std::type_identity<L>) {
    L layer = initial<L>(word);
    FieldReader reader(source, diagnostics);
    fields(layer, reader);
    normalize(layer);
    if (reader.finish(&places)) out = layer;
  });
  return out;
}

std::vector<std::string_view> keys_of(std::string_view word) {
  std::vector<std::string_view> out;
  with_layer(word, [&]<class L>(std::type_identity<L>) {
    L layer{};
    KeyNames names;
    fields(layer, names);
    out = std::move(names.names);
  });
  return out;
}

bool check_defaults(std::string_view word, const YamlNode& value, Diagnostics& diagnostics) {
  bool ok = false;
  with_layer(word, [&]<class L>(std::type_identity<L>) {
    L layer = initial<L>(word);
    FieldReader reader({&value, ticked(word), {}, fixed_key(word), true}, diagnostics);
    fields(layer, reader);
    ok = reader.finish(nullptr);
  });
  return ok;
}

std::string layer_op_text(const LayerOp& op) {
  return std::visit([]<class L>(const L& layer) { return fmt::format("{}: {}", L::word, fields_text(layer)); }, op);
}

std::string_view made_up_word(const LayerOp& op) {
  if (const auto* pool = std::get_if<PoolLayer>(&op)) return pool->kind == PoolKind::max ? max_pool : average_pool;
  if (const auto* activation = std::get_if<ActivationLayer>(&op)) return word_of(activation->activation.kind);
  return std::visit([]<class L>(const L&) { return L::word; }, op);
}

}  // namespace deeper
