#include "codegen/weights/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/weights/rename.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// How often each rule and pattern was the one that matched.
struct Uses {
  std::vector<int> rules, patterns;
};

/// What matched nothing, as one note with the places of all.
class Idle {
 public:
  Idle(const WeightStore& store, Diagnostics& diagnostics) : store_(store), diagnostics_(diagnostics) {}

  void add(Range range, std::string_view key, std::string_view pattern) {
    const bool taken = std::any_of(store_.tensors.begin(), store_.tensors.end(),
                                   [&](const auto& each) { return matches(each.first, pattern); });
    labels_.push_back({range, fmt::format("`weights.{}`: {} {}", key, ticked(pattern),
                                          taken ? "comes behind what takes all its names" : "matches no name")});
  }

  void tell() {
    if (labels_.empty()) return;
    constexpr size_t most = 5;
    const std::string file = printable(store_.file);
    const bool one = labels_.size() == 1;
    Diagnostic& note = diagnostics_.note(
        ids::weight_rule_idle, labels_[0].range,
        one ? fmt::format("{} in {}", labels_[0].message, file)
            : fmt::format("{} rules of `weights` do nothing for {}: {}", labels_.size(), file, labels_[0].message));
    for (size_t i = 1; i < std::min(most, labels_.size()); ++i) note.notes.push_back(labels_[i]);
  }

 private:
  const WeightStore& store_;
  Diagnostics& diagnostics_;
  std::vector<Label> labels_;
};

void tell_idle(const WeightStore& store, const NetworkSpec& spec, const Graph& graph, const Uses& uses,
               Diagnostics& diagnostics) {
  Idle idle(store, diagnostics);
  for (size_t i = 0; i < spec.rename.size(); ++i)
    if (uses.rules[i] == 0 && !of_unbuilt_head(spec.rename[i].to, spec, graph))
      idle.add(spec.rename[i].range, "rename", spec.rename[i].from);
  for (size_t i = 0; i < spec.ignore.size(); ++i)
    if (uses.patterns[i] == 0) idle.add(spec.ignore[i].range, "ignore", spec.ignore[i].pattern);
  idle.tell();
}

}  // namespace

FileNames file_names(const WeightStore& store, const NetworkSpec& spec, const Graph& graph, Diagnostics& diagnostics) {
  FileNames names;
  Uses uses{std::vector<int>(spec.rename.size()), std::vector<int>(spec.ignore.size())};
  for (const auto& [name, tensor] : store.tensors) {
    Renamed to = renamed(name, spec.rename);
    for (const size_t rule : to.rules) ++uses.rules[rule];
    const auto pattern = std::find_if(spec.ignore.begin(), spec.ignore.end(),
                                      [&](const IgnorePattern& each) { return matches(name, each.pattern); });
    if (pattern != spec.ignore.end()) {
      const auto i = static_cast<size_t>(pattern - spec.ignore.begin());
      ++uses.patterns[i];
      names.ignored.insert({to.path, {name, i}});
      continue;
    }
    const auto [at, fresh] = names.tensors.insert({to.path, {name, &tensor}});
    if (!fresh)
      diagnostics.error(ids::weight_twice, {},
                        fmt::format("{}: {} and {} are both {} after `weights.rename`", printable(store.file),
                                    ticked(at->second.name), ticked(name), ticked(at->first)));
  }
  for (const auto& [path, unused] : names.tensors) names.ignored.erase(path);
  tell_idle(store, spec, graph, uses, diagnostics);
  return names;
}

bool of_unbuilt_head(std::string_view path, const NetworkSpec& spec, const Graph& graph) {
  return std::any_of(spec.heads.begin(), spec.heads.end(), [&](const Head& head) {
    const bool built =
        std::any_of(graph.heads.begin(), graph.heads.end(), [&](const GraphHead& h) { return h.name == head.name; });
    return !built && head.optional && path.starts_with(head.name + "/");
  });
}

}  // namespace deeper
