#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/weights/file_layout.h"
#include "codegen/weights/floats.h"
#include "codegen/weights/misfits.h"
#include "codegen/weights/names.h"
#include "codegen/weights/store.h"
#include "dsl/text.h"

namespace deeper {
namespace {

class Binder {
 public:
  Binder(Graph& graph, const NetworkSpec& spec, const WeightStore& store, Diagnostics& diagnostics)
      : graph_(graph), spec_(spec), store_(store), diagnostics_(diagnostics) {}

  void run() {
    names_ = file_names(store_, spec_, graph_, diagnostics_);
    std::vector<const WeightBinding*> missing;
    for (const WeightBinding& binding : graph_.bindings) {
      const auto found = names_.tensors.find(binding.path);
      if (found != names_.tensors.end()) {
        found->second.used = true;
        bind(binding, found->second);
      } else if (const auto hidden = names_.ignored.find(binding.path); hidden != names_.ignored.end()) {
        report_ignored(binding, hidden->second);
      } else {
        missing.push_back(&binding);
      }
    }
    report_misfits({graph_, spec_, store_, names_}, missing, diagnostics_);
  }

 private:
  std::string file() const { return printable(store_.file); }

  void bind(const WeightBinding& binding, const FileTensor& candidate) {
    Constant& constant = graph_.constants[static_cast<size_t>(index(binding.constant))];
    const StoredTensor& tensor = *candidate.tensor;
    const FileLayout layout = file_layout(binding, constant.dims, spec_.layout);
    if (!tensor.unread.empty()) return report_type(constant, candidate);
    if (tensor.dims != layout.dims) return report_shape(binding, constant, candidate, layout);
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

  void report_type(const Constant& constant, const FileTensor& candidate) {
    diagnostics_
        .error(ids::weight_type, constant.range,
               fmt::format("{} of {} is of type {}, but {} are read", ticked(candidate.name), file(),
                           ticked(candidate.tensor->unread), types_read))
        .help = "a weight of this layer: store it as floats (PyTorch: `tensor.float()`, numpy: `array.astype('f4')`)";
  }

  void report_shape(const WeightBinding& binding, const Constant& constant, const FileTensor& candidate,
                    const FileLayout& layout) {
    Diagnostic& error =
        diagnostics_.error(ids::weight_shape, constant.range,
                           fmt::format("{} of {} is {}, but this layer needs {}", ticked(candidate.name), file(),
                                       dims_text(candidate.tensor->dims), dims_text(layout.dims)));
    for (const WeightLayout other : {WeightLayout::oihw, WeightLayout::hwio, WeightLayout::ohwi})
      if (other != spec_.layout && file_layout(binding, constant.dims, other).dims == candidate.tensor->dims)
        error.help = fmt::format("`weights: {{layout: {}}}` would fit", layout_word(other));
  }

  void report_ignored(const WeightBinding& binding, const FileNames::Ignored& hidden) {
    const IgnorePattern& pattern = spec_.ignore[hidden.pattern];
    diagnostics_
        .error(ids::weight_ignored, graph_.constant(binding.constant).range,
               fmt::format("{} of {} is a weight of this layer, but `weights.ignore` passes it over",
                           ticked(hidden.name), file()))
        .notes.push_back({pattern.range, fmt::format("{} is here", ticked(pattern.pattern))});
  }

  Graph& graph_;
  const NetworkSpec& spec_;
  const WeightStore& store_;
  Diagnostics& diagnostics_;
  FileNames names_;
};

}  // namespace

void bind_weights(Graph& graph, const NetworkSpec& spec, const WeightStore& store, Diagnostics& diagnostics) {
  Binder(graph, spec, store, diagnostics).run();
}

}  // namespace deeper
