// Paths once all layers are there: names nobody chose, and what `in` and `from` name.
#include <fmt/format.h>

#include <set>

#include "dsl/expand.h"
#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

std::string_view word_for_path(const Layer& layer) {
  if (const auto* op = std::get_if<LayerOp>(&layer.body)) return made_up_word(*op);
  return word_of(std::get<Branches>(layer.body).join);
}

/// Walks layers in the order of action, so that "comes before" is "was passed".
class ReferenceChecker {
 public:
  ReferenceChecker(NetworkSpec& spec, const Expansions& expansions, bool complete)
      : spec_(spec), expansions_(expansions), diagnostics_(expansions.diagnostics), complete_(complete) {
    collect(spec.layers);
    for (Head& head : spec.heads) collect(head.layers);
  }

  void run() {
    check_list(spec_.layers, "input");
    for (Head& head : spec_.heads) {
      if (!check(head.from, head.from_range, "from")) head.from = unknown_path;
      const std::set<std::string_view> before = passed_;
      check_list(head.layers, head.from);
      if (head.optional) passed_ = before;  // others cannot count on it
    }
  }

 private:
  void collect(std::vector<Layer>& layers) {
    for_each_layer(layers, [&](Layer& layer) {
      all_.insert(layer.path);
      if (layer.in != unknown_path) return;
      doubtful_.insert(layer.path);
      complete_ &= layer.named;
    });
  }

  /// Returns the path of the last layer's output.
  std::string check_list(std::vector<Layer>& layers, std::string before) {
    for (Layer& layer : layers) {
      check_layer(layer, before);
      before = layer.path;
    }
    return before;
  }

  void check_layer(Layer& layer, const std::string& before) {
    if (!layer.in.empty() && layer.in != unknown_path && !check(layer.in, layer.in_range, "in"))
      layer.in = unknown_path;
    if (layer.in == before) layer.in.clear();
    const std::string entering = layer.in.empty() ? before : layer.in;
    if (auto* branches = std::get_if<Branches>(&layer.body))
      for (Branch& branch : branches->branches) check_list(branch.layers, entering);
    if (layer.residual) check_list(layer.residual->shortcut, entering);
    passed_.insert(layer.path);
  }

  bool check(const std::string& path, Range range, std::string_view key) {
    if (path == unknown_path) return false;
    if (path == "input" || passed_.count(path) > 0) return true;
    if (all_.count(path) > 0) {
      diagnostics_.error("path-comes-later", range, fmt::format("{} does not come before this layer", ticked(path)))
          .help = "a layer reads what stands above it; of the heads, only those that are always built";
      return false;
    }
    if (may_be_unreadable(path)) return false;
    auto& error = diagnostics_.error("unknown-path", range, fmt::format("there is no layer {} to read", ticked(path)));
    error.help = help_for(path, key);
    return false;
  }

  /// The layer was seen, but dropped with what holds it; or it would stand in what could not be read.
  bool may_be_unreadable(const std::string& path) const {
    if (!complete_ || expansions_.stopped || expansions_.paths.count(path) > 0) return true;
    for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      if (doubtful_.count(std::string_view(path).substr(0, slash)) > 0) return true;
    return false;
  }

  std::string help_for(const std::string& path, std::string_view key) const {
    for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      const std::string outer = path.substr(slash + 1);
      const bool known = all_.count(outer) > 0 || outer == "input";
      if (known && key == "in") return fmt::format("{} names the one outside", ticked("/" + outer));
    }
    constexpr int most_searches = 20;  // each compares with every path
    if (diagnostics_.error_count() > most_searches) return {};
    const std::string_view near = nearest(path, {all_.begin(), all_.end()});
    return near.empty() ? std::string() : fmt::format("did you mean {}?", ticked(near));
  }

  NetworkSpec& spec_;
  const Expansions& expansions_;
  Diagnostics& diagnostics_;
  bool complete_;
  std::set<std::string_view> all_, passed_, doubtful_;
};

}  // namespace

void for_each_layer(std::vector<Layer>& layers, const std::function<void(Layer&)>& f) {
  for (Layer& layer : layers) {
    f(layer);
    if (auto* branches = std::get_if<Branches>(&layer.body))
      for (Branch& branch : branches->branches) for_each_layer(branch.layers, f);
    if (auto& residual = layer.residual) for_each_layer(residual->shortcut, f);
  }
}

void name_unnamed(NetworkSpec& spec, const Expansions& expansions) {
  std::map<std::string, int> rounds;  // how often a path was wished for
  const auto give = [&](Layer& layer) {
    if (layer.named) return;
    const std::string wish = join_path(layer.path, word_for_path(layer));
    int& round = rounds[wish];
    do {
      ++round;
      layer.path = round == 1 ? wish : fmt::format("{}_{}", wish, round);
    } while (expansions.paths.count(layer.path) > 0);
  };
  for_each_layer(spec.layers, give);
  for (Head& head : spec.heads) for_each_layer(head.layers, give);
}

void check_references(NetworkSpec& spec, const Expansions& expansions, bool complete) {
  ReferenceChecker(spec, expansions, complete).run();
}

}  // namespace deeper
