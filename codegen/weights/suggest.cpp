#include "codegen/weights/suggest.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "codegen/weights/file_layout.h"
#include "codegen/weights/rename.h"
#include "dsl/text.h"
#include "dsl/value.h"

namespace deeper {
namespace {

size_t last_cut(std::string_view name) { return name.find_last_of("/."); }

/// The layer's own part of a path: without weight, bias, bn/gamma and so on.
std::string_view layer_of(std::string_view path) {
  std::string_view folder = path.substr(0, std::min(path.size(), path.rfind('/')));
  if (folder.ends_with("/bn")) folder.remove_suffix(3);
  return folder;
}

/// All names of one layer, and what they share up to a `/` or `.`.
struct NamedLayer {
  std::string_view path;
  std::vector<const Pair*> pairs;
  std::string_view prefix;  ///< with its separator; empty: nothing in common, or not its own
};

std::vector<NamedLayer> layers_of(const Pairing& pairing) {
  std::vector<NamedLayer> layers;
  std::map<std::string_view, size_t> places;
  for (const Pair& pair : pairing.pairs) {
    const std::string_view path = layer_of(pair.wanted->path);
    const auto [at, fresh] = places.insert({path, layers.size()});
    if (fresh) layers.push_back({path, {}, {}});
    layers[at->second].pairs.push_back(&pair);
  }
  for (NamedLayer& layer : layers) {
    std::string_view shared = layer.pairs[0]->name;
    for (const Pair* pair : layer.pairs) {
      const size_t most = std::min(shared.size(), pair->name.size());
      size_t same = 0;
      while (same < most && shared[same] == pair->name[same]) ++same;
      shared = shared.substr(0, same);
    }
    const size_t cut = last_cut(shared);
    layer.prefix = cut == std::string_view::npos ? std::string_view() : shared.substr(0, cut + 1);
  }
  return layers;
}

class RuleMaker {
 public:
  RuleMaker(const Pairing& pairing, const WeightStore& store) : pairing_(pairing), store_(store) {
    for (const Pair& pair : pairing.pairs) wanted_[pair.name] = pair.wanted->path;
    for (const auto& [name, path] : wanted_) paths_.insert(path);
    for (const auto& [name, path] : pairing.of_other_heads) wanted_[name] = path;
    for (const WeightBinding* binding : pairing.missing) paths_.insert(binding->path);
  }

  std::vector<RenameRule> run() {
    for (std::vector<RenameRule> rules : {std::vector<RenameRule>(), short_rules()})
      if (right(rules)) return rules;
    std::vector<RenameRule> rules;
    for (const auto& [name, path] : wanted_)
      if (name != path) rules.push_back(exact(name, path));
    return rules;
  }

 private:
  static RenameRule exact(std::string_view name, std::string_view path) {
    return {{}, std::string(name), std::string(path), false};
  }

  bool right(const std::vector<RenameRule>& rules) const {
    return std::all_of(store_.tensors.begin(), store_.tensors.end(), [&](const auto& each) {
      const auto wanted = wanted_.find(each.first);
      const std::string path = renamed(each.first, rules).path;
      return wanted != wanted_.end() ? path == wanted->second : paths_.count(path) == 0;
    });
  }

  /// First what must be exact, then the words of weights (`.running_mean` -> `/bn/mean`), then each layer's name.
  std::vector<RenameRule> short_rules() const {
    std::vector<NamedLayer> layers = layers_of(pairing_);
    std::map<std::string_view, int> owners;
    for (const NamedLayer& layer : layers) ++owners[layer.prefix];
    std::vector<RenameRule> exacts, words, names;
    std::map<std::string, std::string> meaning;  // of a name's end
    for (const auto& [name, path] : pairing_.of_other_heads)
      if (name != path) exacts.push_back(exact(name, path));
    for (const NamedLayer& layer : layers) {
      const bool own = !layer.prefix.empty() && owners[layer.prefix] == 1;
      for (const Pair* pair : layer.pairs) {
        const std::string end(own ? pair->name.substr(layer.prefix.size() - 1) : std::string_view());
        const std::string role = pair->wanted->path.substr(layer.path.size());
        if (!own || meaning.insert({end, role}).first->second != role)
          exacts.push_back(exact(pair->name, pair->wanted->path));
      }
      if (own && layer.prefix.substr(0, layer.prefix.size() - 1) != layer.path)
        names.push_back({{},
                         std::string(layer.prefix.substr(0, layer.prefix.size() - 1)) + "/*",
                         std::string(layer.path) + "/{1}",
                         false});
    }
    for (const auto& [end, role] : meaning)
      if (end != role) words.push_back({{}, "*" + end, "{1}" + role, true});
    const auto longer = [](const RenameRule& a, const RenameRule& b) {
      return std::pair(b.from.size(), std::string_view(a.from)) < std::pair(a.from.size(), std::string_view(b.from));
    };
    std::sort(words.begin(), words.end(), longer);  // `.bn.weight` before `.weight`
    std::sort(names.begin(), names.end(), longer);
    exacts.insert(exacts.end(), words.begin(), words.end());
    exacts.insert(exacts.end(), names.begin(), names.end());
    return exacts;
  }

  const Pairing& pairing_;
  const WeightStore& store_;
  std::map<std::string_view, std::string> wanted_;
  std::set<std::string, std::less<>> paths_;
};

/// `AuxLogits.*` where all names that begin so are left over, else the names themselves.
std::vector<std::string> patterns_for(const Pairing& pairing, const NetworkSpec& spec) {
  std::vector<std::string> out;
  out.reserve(spec.ignore.size());
  for (const IgnorePattern& each : spec.ignore) out.push_back(each.pattern);
  std::set<std::string> seen(out.begin(), out.end());
  for (const std::string_view name : pairing.left_over) {
    const size_t cut = std::min(name.find_first_of("/."), name.size());
    const std::string pattern = cut < name.size() ? std::string(name.substr(0, cut + 1)) + "*" : std::string(name);
    const bool others = std::any_of(pairing.pairs.begin(), pairing.pairs.end(),
                                    [&](const Pair& pair) { return matches(pair.name, pattern); });
    std::string entry = others ? std::string(name) : pattern;
    if (seen.insert(entry).second) out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

Suggestion suggest_rules(const Pairing& pairing, const NetworkSpec& spec, const WeightStore& store) {
  return {RuleMaker(pairing, store).run(), patterns_for(pairing, spec)};
}

std::string missing_text(const WeightBinding& binding, const Pairing& pairing, const FileAndNetwork& all) {
  constexpr size_t most = 6;
  const auto dims = file_layout(binding, all.graph.constant(binding.constant).dims, pairing.layout).dims;
  std::string fitting;
  size_t count = 0;
  for (const std::string_view name : pairing.left_over) {
    if (all.store.tensors.find(std::string(name))->second.dims != dims) continue;
    if (++count <= most) fitting += (count > 1 ? ", " : "") + printable(name);
  }
  if (count == 0)
    return fmt::format("missing: nothing that is left over has the shape of {}, {}", binding.path, dims_text(dims));
  return fmt::format("ambiguous: {}, {}, may be {}{}", binding.path, dims_text(dims), fitting,
                     count > most ? ", ..." : "");
}

std::string suggestion_text(const Suggestion& suggestion, const Pairing& pairing, const FileAndNetwork& all) {
  std::string out = fmt::format("weights:\n  layout: {}\n", layout_word(pairing.layout));
  std::vector<const Pair*> guesses;
  for (const Pair& pair : pairing.pairs)
    if (pair.by == PairedBy::order) guesses.push_back(&pair);
  if (!guesses.empty())
    out += fmt::format(
        "  # {} of {} pairs are guesses, by order among tensors of one shape; compare outputs before you trust them:\n",
        guesses.size(), pairing.pairs.size());
  for (const Pair* pair : guesses) out += fmt::format("  #   {} -> {}\n", printable(pair->name), pair->wanted->path);
  for (const WeightBinding* binding : pairing.missing) out += "  # " + missing_text(*binding, pairing, all) + "\n";
  out += suggestion.rename.empty() ? "  rename: []\n" : "  rename:\n";
  for (const RenameRule& rule : suggestion.rename)
    out += fmt::format("    - {{from: {}, to: {}{}}}\n", value_text(rule.from), value_text(rule.to),
                       rule.more ? ", more: true" : "");
  if (!suggestion.ignore.empty())
    out += "  ignore:                                  # left over: see whether the network should have them\n";
  for (const std::string& pattern : suggestion.ignore) out += fmt::format("    - {}\n", value_text(pattern));
  return out;
}

}  // namespace deeper
