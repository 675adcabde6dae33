#include "codegen/weights/misfits.h"

#include <algorithm>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/weights/file_layout.h"
#include "codegen/weights/floats.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr size_t most_alone = 3;         // of a kind: more than these are one message
constexpr size_t most_suggestions = 20;  // looking for the nearest of many names takes time

/// Behind the last `/` or `.`: what kind of weight it is, in any framework.
std::string_view kind_of(std::string_view name) {
  const size_t cut = name.find_last_of("/.");
  return cut == std::string_view::npos ? name : name.substr(cut + 1);
}

/// "`a`, `b`, `c` and 91 more"
std::string first_few(const std::vector<std::string_view>& names) {
  std::string text;
  const size_t shown = std::min(names.size(), most_alone);
  for (size_t i = 0; i < shown; ++i) text += (i > 0 ? ", " : "") + ticked(names[i]);
  return names.size() > shown ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

/// What may be meant where no layer of a network has its weights of one kind.
std::string help_for_none(std::string_view kind) {
  if (kind == "gamma")
    return "`batch_norm: {gamma: false}` is one without it, as Keras (`scale=False`) and TF-slim train them";
  if (kind == "bias") return "`bias: false` is a layer without it";
  if (kind == "beta") return "a batch norm without it (Keras: `center=False`) has zeros there: put them into the file";
  if (kind == "mean" || kind == "var")
    return "PyTorch calls them `running_mean` and `running_var`, Keras and TF-slim `moving_mean` and "
           "`moving_variance`: `weights.rename` makes them `bn/mean` and `bn/var`";
  return {};
}

class Reporter {
 public:
  Reporter(const FileAndNetwork& all, Diagnostics& diagnostics)
      : all_(all), file_(printable(all.store.file)), diagnostics_(diagnostics) {}

  void run(const std::vector<const WeightBinding*>& missing) {
    sort_leftovers();
    report_missing(missing);
    report_unused(missing);
    note_unread();
  }

 private:
  struct Leftover {
    std::string_view path;
    const FileTensor* tensor;
  };
  using Bindings = std::vector<const WeightBinding*>;

  void sort_leftovers() {
    for (const auto& [path, tensor] : all_.names.tensors) {
      if (tensor.used) continue;
      if (!tensor.tensor->unread.empty()) {
        unread_.push_back(&tensor);
      } else {
        spare_.push_back({path, &tensor});
      }
    }
  }

  std::vector<int64_t> dims_in_file(const WeightBinding& binding) const {
    return file_layout(binding, all_.graph.constant(binding.constant).dims, all_.spec.layout).dims;
  }

  std::string pairing_help() const {
    return fmt::format("`deeper weights {} {}` pairs names by shape; with `--suggest` it writes `weights.rename`",
                       printable(all_.spec.file), file_);
  }

  void report_missing(const Bindings& missing) {
    if (missing.size() == all_.graph.bindings.size() && missing.size() > most_alone) return report_none(missing);
    std::map<std::string_view, Bindings> kinds;
    for (const WeightBinding* binding : missing) kinds[kind_of(binding->path)].push_back(binding);
    for (const auto& [kind, bindings] : kinds) {
      if (bindings.size() > most_alone) {
        report_missing_kind(kind, bindings);
      } else {
        for (const WeightBinding* binding : bindings) report_missing_one(*binding);
      }
    }
  }

  /// Not one tensor of the network is there: names of another world.
  void report_none(const Bindings& missing) {
    std::vector<std::string_view> wanted, held;
    for (const WeightBinding* binding : missing) wanted.push_back(binding->path);
    for (const Leftover& each : spare_) held.push_back(each.tensor->name);
    Diagnostic& error = diagnostics_.error(ids::weight_missing, place(*missing[0]),
                                           fmt::format("{} has none of the {} tensors that the network needs: {}",
                                                       file_, missing.size(), first_few(wanted)));
    if (!held.empty()) error.notes.push_back({{}, fmt::format("it has {}", first_few(held))});
    error.help = pairing_help();
  }

  void report_missing_kind(std::string_view kind, const Bindings& bindings) {
    const auto of_kind = std::count_if(all_.graph.bindings.begin(), all_.graph.bindings.end(),
                                       [&](const WeightBinding& each) { return kind_of(each.path) == kind; });
    const bool none = static_cast<size_t>(of_kind) == bindings.size();
    std::vector<std::string_view> paths;
    for (const WeightBinding* binding : bindings) paths.push_back(binding->path);
    Diagnostic& error =
        diagnostics_.error(ids::weight_missing, place(*bindings[0]),
                           fmt::format("{} has no {} for {} of {} layers: {}", file_, ticked(kind),
                                       none ? "any" : std::to_string(bindings.size()), of_kind, first_few(paths)));
    error.help = none ? help_for_none(kind) : std::string();
    if (none && kind == "gamma" && switched_by_param("gamma")) error.help += "; here: `--set gamma=false`";
    if (error.help.empty()) error.help = pairing_help();
  }

  bool switched_by_param(std::string_view name) const {
    return std::any_of(all_.spec.params.begin(), all_.spec.params.end(),
                       [&](const ParamValue& param) { return param.name == name && param.value == "true"; });
  }

  void report_missing_one(const WeightBinding& binding) {
    const std::vector<int64_t> dims = dims_in_file(binding);
    Diagnostic& error =
        diagnostics_.error(ids::weight_missing, place(binding),
                           fmt::format("{} has no {}, {}", file_, ticked(binding.path), dims_text(dims)));
    if (suggestions_++ >= most_suggestions) return;
    std::vector<std::string_view> same_shape;
    for (const Leftover& each : spare_)
      if (each.tensor->tensor->dims == dims) same_shape.push_back(each.path);
    const std::string_view near = nearest(binding.path, same_shape);
    const std::string_view only = near.empty() && same_shape.size() == 1 ? same_shape[0] : near;
    error.help = only.empty() ? "`weights.rename` says how names of the file map to paths"
                              : fmt::format("{}, of the same shape, is not used: `weights.rename` can map it",
                                            ticked(all_.names.tensors.find(only)->second.name));
  }

  void report_unused(const Bindings& missing) {
    if (missing.size() == all_.graph.bindings.size() && missing.size() > most_alone) return;  // told with them
    std::map<std::string_view, std::vector<Leftover>> kinds;
    for (const Leftover& each : spare_)
      if (!of_unbuilt_head(each.path, all_.spec, all_.graph)) kinds[kind_of(each.path)].push_back(each);
    for (const auto& [kind, leftovers] : kinds) {
      if (leftovers.size() > most_alone) {
        report_unused_kind(kind, leftovers);
      } else {
        for (const Leftover& each : leftovers) report_unused_one(each, missing);
      }
    }
  }

  void report_unused_kind(std::string_view kind, const std::vector<Leftover>& leftovers) {
    std::vector<std::string_view> names;
    names.reserve(leftovers.size());
    for (const Leftover& each : leftovers) names.push_back(each.tensor->name);
    Diagnostic& error =
        diagnostics_.error(ids::weight_unused, {},
                           fmt::format("{}: the network does not use {} tensors whose names end in {}: {}", file_,
                                       names.size(), ticked(kind), first_few(names)));
    error.help =
        of_known_layers(leftovers) && (kind == "gamma" || kind == "bias")
            ? fmt::format(
                  "these layers have `{0}: false` (`bias` beside a batch norm is false by default): "
                  "`{0}: true` reads them",
                  kind)
            : fmt::format("`weights: {{ignore: ['*{}{}']}}` passes them over; {}",
                          names[0].size() > kind.size() ? names[0].substr(names[0].size() - kind.size() - 1, 1) : "",
                          printable(kind), pairing_help());
  }

  /// Whether each is beside a weight that the network has.
  bool of_known_layers(const std::vector<Leftover>& leftovers) const {
    return std::all_of(leftovers.begin(), leftovers.end(), [&](const Leftover& leftover) {
      const std::string_view folder = leftover.path.substr(0, leftover.path.find_last_of('/') + 1);
      return !folder.empty() && std::any_of(all_.graph.bindings.begin(), all_.graph.bindings.end(),
                                            [&](const WeightBinding& each) { return each.path.starts_with(folder); });
    });
  }

  void report_unused_one(const Leftover& leftover, const Bindings& missing) {
    Diagnostic& error =
        diagnostics_.error(ids::weight_unused, {},
                           fmt::format("{}: the network does not use {}, {}", file_, ticked(leftover.tensor->name),
                                       dims_text(leftover.tensor->tensor->dims)));
    if (leftover.path != leftover.tensor->name)
      error.help = fmt::format("`weights.rename` makes it {}", ticked(leftover.path));
    if (suggestions_++ >= most_suggestions) return;
    std::vector<std::string_view> wanted;
    for (const WeightBinding* binding : missing)
      if (dims_in_file(*binding) == leftover.tensor->tensor->dims) wanted.push_back(binding->path);
    const std::string_view near = nearest(leftover.path, wanted);
    if (!near.empty()) error.help = fmt::format("it needs {}, of the same shape", ticked(near));
    if (error.help.empty()) error.help = fmt::format("`weights: {{ignore: [...]}}` passes it over, if that is right");
  }

  void note_unread() {
    if (unread_.empty()) return;
    std::vector<std::string_view> names;
    std::map<std::string_view, int> types;
    for (const FileTensor* each : unread_) names.push_back(each->name), ++types[each->tensor->unread];
    std::string counts;
    for (const auto& [type, count] : types)
      counts += fmt::format("{}{} of {}", counts.empty() ? "" : ", ", count, printable(type));
    diagnostics_.note(ids::weights_passed_over, {},
                      fmt::format("{}: {} tensors that the network does not need are passed over, {}: {}", file_,
                                  names.size(), counts, first_few(names)));
  }

  Range place(const WeightBinding& binding) const { return all_.graph.constant(binding.constant).range; }

  const FileAndNetwork& all_;
  std::string file_;
  Diagnostics& diagnostics_;
  std::vector<Leftover> spare_;
  std::vector<const FileTensor*> unread_;
  size_t suggestions_ = 0;
};

}  // namespace

void report_misfits(const FileAndNetwork& all, const std::vector<const WeightBinding*>& missing,
                    Diagnostics& diagnostics) {
  Reporter(all, diagnostics).run(missing);
}

}  // namespace deeper
