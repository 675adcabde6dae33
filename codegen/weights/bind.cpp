#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/weights/file_layout.h"
#include "codegen/weights/rename.h"
#include "codegen/weights/store.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// A tensor of the file under the path that the rules give it.
struct Candidate {
  std::string_view name;
  const StoredTensor* tensor = nullptr;
  bool used = false;
};

class Binder {
 public:
  Binder(Graph& graph, const NetworkSpec& spec, const WeightStore& store, Diagnostics& diagnostics)
      : graph_(graph), spec_(spec), store_(store), diagnostics_(diagnostics) {}

  void run() {
    collect();
    std::vector<const WeightBinding*> missing;
    for (const WeightBinding& binding : graph_.bindings) {
      const auto found = candidates_.find(binding.path);
      if (found == candidates_.end()) {
        missing.push_back(&binding);
      } else {
        found->second.used = true;
        bind(binding, found->second);
      }
    }
    report_missing(missing);
    report_unused(missing);
  }

 private:
  std::string file() const { return printable(store_.file); }

  void collect() {
    for (const auto& [name, tensor] : store_.tensors) {
      const auto [at, fresh] = candidates_.insert({renamed(name, spec_.rename), {name, &tensor}});
      if (!fresh)
        diagnostics_.error(ids::weight_twice, {},
                           fmt::format("{}: {} and {} are both {} after `weights.rename`", file(),
                                       ticked(at->second.name), ticked(name), ticked(at->first)));
    }
  }

  void bind(const WeightBinding& binding, const Candidate& candidate) {
    Constant& constant = graph_.constants[static_cast<size_t>(index(binding.constant))];
    const StoredTensor& tensor = *candidate.tensor;
    const FileLayout layout = file_layout(binding, constant.dims, spec_.layout);
    if (tensor.dims != layout.dims) {
      report_shape(binding, constant, candidate, layout);
      return;
    }
    const auto bad =
        std::find_if(tensor.values.begin(), tensor.values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != tensor.values.end()) {
      diagnostics_.error(ids::weight_not_finite, constant.range,
                         fmt::format("{} of {} holds {} at element {}", ticked(candidate.name), file(),
                                     std::isnan(*bad) ? "NaN" : "an infinity", bad - tensor.values.begin()));
      return;
    }
    auto values = std::make_shared<std::vector<float>>(tensor.values.size());
    for_each_element(layout, constant.dims, [&](size_t to, size_t from) {
      const float value = tensor.values[from];
      (*values)[to] = std::fpclassify(value) == FP_SUBNORMAL ? 0.0F : value;
    });
    constant.values = std::move(values);
  }

  void report_shape(const WeightBinding& binding, const Constant& constant, const Candidate& candidate,
                    const FileLayout& layout) {
    Diagnostic& error =
        diagnostics_.error(ids::weight_shape, constant.range,
                           fmt::format("{} of {} is {}, but this layer needs {}", ticked(candidate.name), file(),
                                       dims_text(candidate.tensor->dims), dims_text(layout.dims)));
    for (const WeightLayout other : {WeightLayout::oihw, WeightLayout::hwio, WeightLayout::ohwi})
      if (other != spec_.layout && file_layout(binding, constant.dims, other).dims == candidate.tensor->dims)
        error.help = fmt::format("`weights: {{layout: {}}}` would fit", layout_word(other));
  }

  void report_missing(const std::vector<const WeightBinding*>& missing) {
    std::vector<std::string_view> spare;
    for (const auto& [path, candidate] : candidates_)
      if (!candidate.used) spare.push_back(path);
    for (size_t i = 0; i < missing.size(); ++i) {
      const Range place = graph_.constant(missing[i]->constant).range;
      Diagnostic& error =
          diagnostics_.error(ids::weight_missing, place, fmt::format("{} has no {}", file(), ticked(missing[i]->path)));
      if (i < most_suggestions) error.help = spare_help(missing[i]->path, spare);
    }
  }

  /// Which unused tensor may have been meant; in words of the file, whose names are what a rename rule is written
  /// against.
  std::string spare_help(const std::string& path, const std::vector<std::string_view>& spare) const {
    const std::string_view near = nearest(path, spare);
    if (near.empty()) return "`weights.rename` says how names of the file map to paths";
    return fmt::format("{} is not used: `weights.rename` can map it", ticked(candidates_.find(near)->second.name));
  }

  void report_unused(const std::vector<const WeightBinding*>& missing) {
    std::vector<std::string_view> wanted;
    for (const WeightBinding* binding : missing) wanted.push_back(binding->path);
    size_t count = 0;
    for (const auto& [path, candidate] : candidates_) {
      if (candidate.used || of_unbuilt_head(path)) continue;
      Diagnostic& error = diagnostics_.error(
          ids::weight_unused, {}, fmt::format("{}: the network does not use {}", file(), ticked(candidate.name)));
      if (path != candidate.name) error.help = fmt::format("`weights.rename` makes it {}", ticked(path));
      const std::string_view near = count++ < most_suggestions ? nearest(path, wanted) : std::string_view{};
      if (!near.empty()) error.help = fmt::format("it needs {}", ticked(near));
    }
  }

  bool of_unbuilt_head(std::string_view path) const {
    return std::any_of(spec_.heads.begin(), spec_.heads.end(), [&](const Head& head) {
      const bool built = std::any_of(graph_.heads.begin(), graph_.heads.end(),
                                     [&](const GraphHead& h) { return h.name == head.name; });
      return !built && head.optional && path.starts_with(head.name + "/");
    });
  }

  static constexpr size_t most_suggestions = 100;  // looking for the nearest of many names takes time

  Graph& graph_;
  const NetworkSpec& spec_;
  const WeightStore& store_;
  Diagnostics& diagnostics_;
  std::map<std::string, Candidate, std::less<>> candidates_;  ///< by path
};

}  // namespace

void bind_weights(Graph& graph, const NetworkSpec& spec, const WeightStore& store, Diagnostics& diagnostics) {
  Binder(graph, spec, store, diagnostics).run();
}

}  // namespace deeper
