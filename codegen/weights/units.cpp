#include "codegen/weights/units.h"

#include <algorithm>

#include <fmt/format.h>

#include "codegen/weights/file_layout.h"

namespace deeper {
namespace {

/// The last word of a name, and what stands in front of it.
std::pair<std::string_view, std::string_view> split_name(std::string_view name) {
  if (name.ends_with(":0")) name.remove_suffix(2);  // TensorFlow's variables
  const size_t cut = name.find_last_of("/.");
  if (cut == std::string_view::npos) return {std::string_view(), name};
  return {name.substr(0, cut), name.substr(cut + 1)};
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What the word means beside the others of its unit.
std::string_view role_of(std::string_view word, size_t dims, bool norm) {
  if (one_of(word, {"running_mean", "moving_mean", "mean"})) return "mean";
  if (one_of(word, {"running_var", "moving_variance", "variance", "var"})) return "var";
  if (word.ends_with("kernel") || word.ends_with("weights") || one_of(word, {"weight", "gamma", "scale", "w"}))
    return dims == 1 ? "gamma" : "weight";
  if (one_of(word, {"beta", "offset", "shift"})) return "beta";
  if (one_of(word, {"bias", "biases", "b"})) return norm ? "beta" : "bias";
  return word;
}

/// "features.2" before "features.10".
bool natural_less(std::string_view a, std::string_view b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const auto number = [&](std::string_view text, size_t& at) {
        while (at + 1 < text.size() && text[at] == '0' && digit(text[at + 1])) ++at;
        const size_t begin = at;
        while (at < text.size() && digit(text[at])) ++at;
        return text.substr(begin, at - begin);
      };
      const std::string_view x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

}  // namespace

std::vector<Unit> units_of_file(const FileNames& names, const NetworkSpec& spec, const Graph& graph,
                                const std::set<std::string_view>& taken) {
  std::map<std::string_view, std::vector<const FileTensor*>> folders;
  for (const auto& [path, tensor] : names.tensors)
    if (tensor.tensor->unread.empty() && taken.count(tensor.name) == 0 && !of_unbuilt_head(path, spec, graph))
      folders[split_name(tensor.name).first].push_back(&tensor);
  std::vector<Unit> units;
  for (const auto& [folder, tensors] : folders) {
    const auto has = [&](auto condition) { return std::any_of(tensors.begin(), tensors.end(), condition); };
    const bool norm = has([](const FileTensor* each) {
      const std::string_view role = role_of(split_name(each->name).second, each->tensor->dims.size(), true);
      return role == "mean" || role == "gamma";
    });
    Unit unit, depthwise;
    unit.name = folder;
    depthwise.name = std::string(folder) + "/depthwise";
    for (const FileTensor* each : tensors) {
      const std::string_view word = split_name(each->name).second;
      Unit& into = word.starts_with("depthwise") ? depthwise : unit;
      into.parts.insert({role_of(word, each->tensor->dims.size(), norm), {each->name, each->tensor->dims, nullptr}});
    }
    for (Unit* each : {&depthwise, &unit})
      if (!each->parts.empty()) units.push_back(std::move(*each));
  }
  std::sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return natural_less(a.name, b.name); });
  return units;
}

std::vector<Unit> units_of_network(const Graph& graph, WeightLayout layout,
                                   const std::function<bool(const WeightBinding&)>& taken) {
  std::vector<Unit> units;
  std::map<std::string_view, size_t> places;
  for (const WeightBinding& binding : graph.bindings) {
    if (taken(binding)) continue;
    const auto [folder, role] = split_name(binding.path);
    const auto [at, fresh] = places.insert({folder, units.size()});
    if (fresh) units.push_back({std::string(folder), {}});
    units[at->second].parts[role] = {
        binding.path, file_layout(binding, graph.constant(binding.constant).dims, layout).dims, &binding};
  }
  return units;
}

std::string signature(const Unit& unit, bool whole) {
  std::string out;
  for (const auto& [role, part] : unit.parts)
    if (whole || role == "weight" || role == "mean") out += fmt::format("{} {};", role, dims_text(part.dims));
  return out.empty() ? "nothing " + unit.name : out;
}

}  // namespace deeper
