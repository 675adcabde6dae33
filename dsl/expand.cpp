#include "dsl/expand.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/expand_use.h"
#include "dsl/field.h"
#include "dsl/foreign_words.h"
#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr std::string_view use_word = "use", branches_word = "branches";

/// One entry of a list, found out so far.
struct Item {
  const YamlNode& node;
  const NodeKey* word = nullptr;
  const YamlNode* value = nullptr;
  bool ok = true;
};

bool is_word(std::string_view key) {
  const auto& words = layer_words();
  return key == use_word || key == branches_word || std::find(words.begin(), words.end(), key) != words.end();
}

template <size_t N>
void append(std::vector<KeyInfo>& to, const KeyInfo (&keys)[N]) {
  to.insert(to.end(), std::begin(keys), std::end(keys));
}

std::vector<KeyInfo> keys_for(std::string_view word) {
  std::vector<KeyInfo> keys;
  if (word == use_word) {
    append(keys, use_keys);
  } else if (word == branches_word) {
    append(keys, branches_keys);
  } else {
    keys.push_back({.name = word, .doc = {}});
  }
  append(keys, layer_keys);
  return keys;
}

void report_no_word(const YamlNode& node, Diagnostics& diagnostics) {
  std::vector<std::string_view> known = layer_words();
  known.insert(known.end(), {use_word, branches_word});
  for (const NodeKey& key : node.keys) {
    const bool common =
        std::any_of(std::begin(layer_keys), std::end(layer_keys), [&](auto& info) { return info.name == key.text; });
    if (common || key.text == "with" || key.text == "join") continue;
    auto& error =
        diagnostics.error("unknown-layer", key.range, fmt::format("{} is no kind of layer", ticked(key.text)));
    const auto functions = words_of(ActivationKind{});
    const bool is_function = std::find(functions.begin(), functions.end(), key.text) != functions.end();
    error.help =
        is_function ? fmt::format("`{{activation: {}}}`", key.text) : foreign_word_help(ForeignPlace::layer, key.text);
    if (error.help.empty()) error.help = suggestion(key.text, known, "kinds are");
    return;
  }
  diagnostics.error("layer-word", node.range, "this layer does not say what it is").help =
      "for instance `{conv: {kernel: 3, out: 64}}`";
}

/// Finds the word that says what the layer is. False, with an error, where there is none or more than one.
bool find_word(Item& item, Diagnostics& diagnostics) {
  const YamlNode& node = item.node;
  if (node.is_poison()) return false;
  if (!node.is_mapping()) {
    auto& error = diagnostics.error("wrong-type", node.range, fmt::format("here belongs a layer, not {}", seen(node)));
    error.help = is_word(node.text) ? fmt::format("`{{{}: {{...}}}}`", node.text)
                                    : "for instance `{conv: {kernel: 3, out: 64}}`";
    return false;
  }
  for (size_t i = 0; i < node.keys.size(); ++i) {
    if (!is_word(node.keys[i].text)) continue;
    if (item.word != nullptr) {
      auto& error = diagnostics.error(
          "layer-word", node.keys[i].range,
          fmt::format("a layer is one thing, not {} and {}", ticked(item.word->text), ticked(node.keys[i].text)));
      error.notes.push_back({item.word->range, fmt::format("{} is here", ticked(item.word->text))});
      return false;
    }
    item.word = &node.keys[i];
    item.value = &node.items[i];
  }
  if (item.word == nullptr) report_no_word(node, diagnostics);
  return item.word != nullptr;
}

/// Walks one list, since which unnamed layer takes the branch's name depends on those before it.
class ListReader {
 public:
  ListReader(const LayerList& list, Expansions& expansions) : list_(list), all_(expansions) {}

  void read(const YamlNode& node) {
    Item item{node};
    if (!find_word(item, all_.diagnostics)) return push_unreadable(node);
    const std::vector<KeyInfo> keys = keys_for(item.word->text);
    Fields fields(node, ticked(item.word->text), keys, all_.diagnostics);
    item.ok = fields.finish(keys_of(item.word->text), ticked(item.word->text));
    const YamlNode* repeat = fields.find("repeat");
    if (repeat == nullptr) return read_one(item, fields, {});
    read_repeats(item, fields, *repeat);
  }

  std::vector<Layer> take() { return std::move(layers_); }

 private:
  /// Keeps the name, so that what reads it finds something to doubt.
  void push_unreadable(const YamlNode& node) {
    Layer layer;
    layer.range = node.range;
    layer.path = list_.scope;
    layer.named = false;
    const YamlNode* id = node.is_mapping() ? node.find("id") : nullptr;
    if (id != nullptr && id->is_scalar() && is_id(id->text))
      take_path(join_path(list_.scope, id->text), id->range, layer);
    push(make_unreadable(std::move(layer)));
  }

  bool take_path(const std::string& path, Range range, Layer& layer) {
    if (!claim_path(path, range, all_)) return false;
    layer.path = path;
    layer.named = true;
    return true;
  }

  void push(Layer layer) { layers_.push_back(std::move(layer)); }

  void read_repeats(const Item& item, const Fields& fields, const YamlNode& repeat) {
    int64_t count = 0;
    if (!read_value(repeat, fields.info("repeat"), count, all_.diagnostics)) return push_unreadable(item.node);
    if (fields.find("id") == nullptr) {
      all_.diagnostics.error("missing-id", item.word->range, "what is repeated needs an `id`").help =
          "`id: x` gives x_1, x_2, ...";
      return push_unreadable(item.node);
    }
    for (int64_t round = 1; round <= count && !all_.stopped; ++round) {
      YamlNode copy = item.node;
      copy_traced(copy, {repeat.range, fmt::format("repeat {} of {}", round, count), repeat.range.trace}, all_);
      Item again{copy, nullptr, nullptr, item.ok};
      find_word(again, all_.diagnostics);
      const std::vector<KeyInfo> keys = keys_for(again.word->text);
      read_one(again, Fields(copy, ticked(again.word->text), keys, all_.diagnostics), fmt::format("_{}", round));
      if (round > 1 && !all_.stopped && layers_.back().in != unknown_path) layers_.back().in.clear();
    }
  }

  void read_one(const Item& item, const Fields& fields, const std::string& suffix) {
    if (!count_layer(item.word->range, all_)) return;
    Layer layer;
    layer.range = item.word->range;
    bool ok = item.ok & read_name(item, fields.find("id"), suffix, layer);
    if (const YamlNode* in = fields.find("in")) ok &= read_in(*in, layer);
    ok &= read_body(item, fields, layer);
    if (const YamlNode* residual = fields.find("residual")) ok &= read_residual(*residual, list_, layer.residual, all_);
    if (const YamlNode* expect = fields.find("expect")) layer.expect = read_expect(*expect, all_.diagnostics);
    push(ok ? std::move(layer) : make_unreadable(std::move(layer)));
  }

  bool read_in(const YamlNode& node, Layer& layer) {
    layer.in_range = node.range;
    if (node.is_poison()) return false;
    if (!node.is_scalar() || node.text.empty()) {
      all_.diagnostics.error("wrong-type", node.range, fmt::format("`in` takes an id or a path, not {}", seen(node)));
      return false;
    }
    layer.in = node.text.starts_with('/') ? node.text.substr(1) : join_path(list_.scope, node.text);
    return true;
  }

  /// The id as written, the branch's name, or none. False where there must be one (the error is told).
  bool read_name(const Item& item, const YamlNode* id, const std::string& suffix, Layer& layer) {
    layer.path = list_.scope;
    layer.named = false;
    const bool needs_name = item.word->text == use_word || has_weights(item.word->text);
    std::string name;
    Range range = item.word->range;
    if (id != nullptr) {
      range = id->range;
      if (id->is_poison()) return false;
      if (!read_id(*id, name)) return !needs_name;
    } else if (needs_name) {
      if (!take_branch_name(item)) return item.word->text != use_word;
      name = *list_.branch;
    } else {
      return true;
    }
    const bool full = name.find('/') != std::string::npos;
    const std::string path = (full ? name : join_path(list_.scope, name)) + suffix;
    return take_path(path, range, layer) || item.word->text != use_word;
  }

  bool read_id(const YamlNode& id, std::string& name) {
    const auto parts_fit = [](std::string_view text) {
      for (size_t slash = text.find('/'); slash != text.npos; text.remove_prefix(slash + 1), slash = text.find('/'))
        if (!is_id(text.substr(0, slash))) return false;
      return is_id(text);
    };
    if (id.is_scalar() && (is_id(id.text) || (list_.own_file && parts_fit(id.text)))) {
      name = id.text;
      return true;
    }
    auto& error = all_.diagnostics.error("bad-name", id.range, fmt::format("an id is a word, not {}", seen(id)));
    error.help = "letters, digits, `_`, `.` and `-`, at most 128";
    return false;
  }

  bool take_branch_name(const Item& item) {
    const std::string word = ticked(item.word->text);
    if (list_.branch == nullptr) {
      all_.diagnostics.error("missing-id", item.word->range, fmt::format("this {} needs an `id`", word)).help =
          "its weights are found by it; only in a branch, one layer may do without";
      return false;
    }
    if (named_by_branch_) {
      auto& error =
          all_.diagnostics.error("missing-id", item.word->range,
                                 fmt::format("this {} needs an `id`: another layer has the branch's name", word));
      error.notes.push_back({*named_by_branch_, fmt::format("this one is {}", ticked(*list_.branch))});
      return false;
    }
    named_by_branch_ = item.word->range;
    return true;
  }

  bool read_body(const Item& item, const Fields& fields, Layer& layer) {
    const std::string& word = item.word->text;
    if (word == use_word) return expand_use(*item.value, fields.find("with"), list_, layer, all_);
    if (word == branches_word) {
      Branches branches;
      const YamlNode* join = fields.find("join");
      const bool joined = join == nullptr || read_value(*join, fields.info("join"), branches.join, all_.diagnostics);
      const bool read = read_branches(*item.value, list_, branches, all_);
      layer.body = std::move(branches);
      return joined && read;
    }
    const auto op = read_layer_op(word, *item.value, all_.defaults, layer.places, all_.diagnostics);
    if (op) layer.body = *op;
    return op.has_value();
  }

  const LayerList& list_;
  Expansions& all_;
  std::vector<Layer> layers_;
  std::optional<Range> named_by_branch_;
};

}  // namespace

std::string join_path(std::string_view scope, std::string_view id) {
  return scope.empty() ? std::string(id) : fmt::format("{}/{}", scope, id);
}

std::vector<Layer> expand_layers(const YamlNode& list, const LayerList& where, Expansions& expansions) {
  if (!expect_sequence(list, "a list of layers", expansions.diagnostics)) return {};
  if (where.depth > max_layer_depth) {
    expansions.diagnostics.error("too-deep", list.range,
                                 fmt::format("layers nested deeper than {} lists", max_layer_depth));
    return {};
  }
  ListReader reader(where, expansions);
  for (const YamlNode& item : list.items) {
    if (expansions.stopped) break;
    reader.read(item);
  }
  return reader.take();
}

}  // namespace deeper
