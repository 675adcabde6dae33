#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "codegen/cli/golden_changes.h"
#include "dsl/text.h"
#include "dsl/yaml_tree.h"

namespace deeper {
namespace {

constexpr std::string_view structure[] = {"id", "branches", "residual", "in", "join", "expect"};

bool is_structure(std::string_view key) {
  return std::find(std::begin(structure), std::end(structure), key) != std::end(structure);
}

/// "relu", "[1, 2]", "{leaky_relu: 0.1}".
std::string text_of(const YamlNode& node) {
  std::string out;
  for (size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) out += ", ";
    if (node.is_mapping()) out += node.keys[i].text + ": ";
    out += text_of(node.items[i]);
  }
  if (node.is_mapping()) return "{" + out + "}";
  if (node.is_sequence()) return "[" + out + "]";
  return node.text;
}

std::string text_at(const YamlNode& node, std::string_view key) {
  const YamlNode* value = node.find(key);
  return value != nullptr ? text_of(*value) : "";
}

/// Layers one behind the other: a network's, a branch's, a shortcut's.
struct LayerList {
  std::string owner;  ///< the layer or head that they belong to; "" = the network
  std::string name;   ///< "branch `pool`"
  std::vector<std::string> ids;
};

/// A text of `print_identity`, its layers by path.
struct FlatSpec {
  YamlNode root;
  std::map<std::string, const YamlNode*> layers;
  std::vector<std::string> order;
  std::vector<LayerList> lists;

  void add(const YamlNode* layers_node, const std::string& owner, const std::string& name) {
    if (layers_node == nullptr) return;
    LayerList list{owner, name, {}};
    for (const YamlNode& layer : layers_node->items) {
      const std::string path = text_at(layer, "id");
      list.ids.push_back(path);
      order.push_back(path);
      layers[path] = &layer;
    }
    lists.push_back(std::move(list));
    for (const YamlNode& layer : layers_node->items) add_parts(layer);
  }

  void add_parts(const YamlNode& layer) {
    const std::string path = text_at(layer, "id");
    const YamlNode* branches = layer.find("branches");
    for (size_t i = 0; branches != nullptr && i < branches->items.size(); ++i)
      add(&branches->items[i], path, "branch " + ticked(branches->keys[i].text));
    if (const YamlNode* residual = layer.find("residual")) add(residual->find("shortcut"), path, "the shortcut");
  }
};

bool read(const std::string& text, FlatSpec& spec) {
  Sources sources;
  Diagnostics diagnostics;
  auto root = read_yaml(sources.add("spec", text), sources, diagnostics);
  if (!root || diagnostics.has_errors()) return false;
  spec.root = std::move(*root);
  spec.add(spec.root.find("layers"), "", "the network");
  if (const YamlNode* heads = spec.root.find("heads"))
    for (size_t i = 0; i < heads->items.size(); ++i)
      spec.add(heads->items[i].find("layers"), heads->keys[i].text, "head " + ticked(heads->keys[i].text));
  return true;
}

class Comparison {
 public:
  Comparison(const FlatSpec& now, const FlatSpec& then, const LayerPlaces& places)
      : now_(now), then_(then), places_(places) {}

  std::vector<Change> run() {
    whole("input");
    whole("weights");
    for (const std::string& path : now_.order) {
      const auto was = then_.layers.find(path);
      if (was == then_.layers.end()) {
        tell(path, "", std::string(was_not_there));
      } else {
        layer(path, *now_.layers.at(path), *was->second);
      }
    }
    lists();
    gone();
    heads();
    return std::move(changes_);
  }

 private:
  void tell(const std::string& layer, std::string_view key, std::string text) {
    changes_.push_back({layer, places_.of_key(layer, key), std::move(text)});
  }

  void is_was(const std::string& layer, const std::string& key, const std::string& is, const std::string& was) {
    if (is == was) return;
    const auto or_none = [](const std::string& value) { return value.empty() ? std::string("not given") : value; };
    tell(layer, key, fmt::format("{} is {}, was {}", key, or_none(is), or_none(was)));
  }

  /// Key by key where both are mappings, as a whole else.
  void values(const std::string& layer, const std::string& key, const YamlNode* is, const YamlNode* was) {
    if (is == nullptr || was == nullptr || !is->is_mapping() || !was->is_mapping()) {
      is_was(layer, key, is != nullptr ? text_of(*is) : "", was != nullptr ? text_of(*was) : "");
      return;
    }
    const auto inner = [&](const std::string& name) { return key.empty() ? name : key + "." + name; };
    for (size_t i = 0; i < is->keys.size(); ++i)
      values(layer, inner(is->keys[i].text), &is->items[i], was->find(is->keys[i].text));
    for (size_t i = 0; i < was->keys.size(); ++i)
      if (is->find(was->keys[i].text) == nullptr) values(layer, inner(was->keys[i].text), nullptr, &was->items[i]);
  }

  void whole(const char* key) {
    static const YamlNode none;
    const YamlNode *is = now_.root.find(key), *was = then_.root.find(key);
    values(key, "", is != nullptr ? is : &none, was != nullptr ? was : &none);
  }

  /// "conv", "lrn": the first key that is not structure.
  static std::pair<std::string, const YamlNode*> op_of(const YamlNode& layer) {
    for (size_t i = 0; i < layer.keys.size(); ++i)
      if (!is_structure(layer.keys[i].text)) return {layer.keys[i].text, &layer.items[i]};
    return {"branches", nullptr};
  }

  static std::string branch_names(const YamlNode& layer) {
    const YamlNode* branches = layer.find("branches");
    std::string names;
    for (size_t i = 0; branches != nullptr && i < branches->keys.size(); ++i)
      names += (i > 0 ? ", " : "") + branches->keys[i].text;
    return names;
  }

  void layer(const std::string& path, const YamlNode& is, const YamlNode& was) {
    const auto [word, op] = op_of(is);
    const auto [old_word, old_op] = op_of(was);
    if (word != old_word) {
      tell(path, "", fmt::format("is {}, was {}", word, old_word));
      return;
    }
    values(path, "", op, old_op);
    is_was(path, "in", text_at(is, "in"), text_at(was, "in"));
    is_was(path, "join", text_at(is, "join"), text_at(was, "join"));
    const std::string names = branch_names(is), old_names = branch_names(was);
    if (names != old_names) tell(path, "", fmt::format("its branches are {}, were {}", names, old_names));
    residual(path, is.find("residual"), was.find("residual"));
  }

  void residual(const std::string& path, const YamlNode* is, const YamlNode* was) {
    if (is == nullptr && was == nullptr) return;
    if (is == nullptr || was == nullptr) {
      tell(path, "residual", is == nullptr ? "had a residual" : "had no residual");
      return;
    }
    for (const char* key : {"scale", "activation"})
      is_was(path, std::string("residual.") + key, text_at(*is, key), text_at(*was, key));
  }

  /// What stands in another order or another place; what is new or gone is told by itself.
  void lists() {
    const auto common = [](const LayerList& list, const FlatSpec& other) {
      std::vector<std::string> ids;
      for (const std::string& id : list.ids)
        if (other.layers.contains(id)) ids.push_back(id);
      return ids;
    };
    for (const LayerList& list : now_.lists) {
      const auto same = [&](const LayerList& l) { return l.owner == list.owner && l.name == list.name; };
      const auto was = std::find_if(then_.lists.begin(), then_.lists.end(), same);
      if (was == then_.lists.end()) continue;
      const std::vector<std::string> ids = common(list, then_), old_ids = common(*was, now_);
      const auto [at, old_at] = std::mismatch(ids.begin(), ids.end(), old_ids.begin(), old_ids.end());
      if (at == ids.end() && old_at == old_ids.end()) continue;
      const std::string is_text = at == ids.end() ? "nothing" : ticked(*at),
                        was_text = old_at == old_ids.end() ? "nothing" : ticked(*old_at);
      tell(list.owner.empty() && at != ids.end() ? *at : list.owner, "",
           fmt::format("{}: {} stands where {} stood", list.name, is_text, was_text));
    }
  }

  /// Told where it is missed: at the layer behind it, or at what held it.
  void gone() {
    const auto there = [&](const std::string& id) { return now_.layers.contains(id); };
    for (const LayerList& list : then_.lists)
      for (size_t i = 0; i < list.ids.size(); ++i) {
        if (there(list.ids[i])) continue;
        const auto next = std::find_if(list.ids.begin() + std::ptrdiff_t(i), list.ids.end(), there);
        tell(next != list.ids.end() ? *next : list.owner, "", fmt::format("{} is gone", ticked(list.ids[i])));
      }
  }

  void heads() {
    const YamlNode *is = now_.root.find("heads"), *was = then_.root.find("heads");
    if (is == nullptr || was == nullptr) return;
    for (size_t i = 0; i < is->keys.size(); ++i) {
      const YamlNode* old = was->find(is->keys[i].text);
      if (old == nullptr) continue;
      for (const char* key : {"from", "topk"})
        is_was(is->keys[i].text, key, text_at(is->items[i], key), text_at(*old, key));
    }
  }

  const FlatSpec &now_, &then_;
  const LayerPlaces& places_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> spec_changes(const std::string& now, const std::string& then, const LayerPlaces& places) {
  FlatSpec is, was;
  if (now == then || !read(now, is) || !read(then, was)) return {};
  return Comparison(is, was, places).run();
}

}  // namespace deeper
