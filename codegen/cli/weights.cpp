// deeper weights: the tensors that a network wants; beside a file, which of its tensors they are.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/weights/file_layout.h"
#include "codegen/weights/suggest.h"
#include "dsl/text.h"

namespace deeper {
namespace {

using Json = nlohmann::ordered_json;

struct WeightsOptions {
  Options common;
  std::string file;
  bool suggest = false;
};

/// A network beside a file, or alone: then `pairing` says that all is missing.
struct Compared {
  const Checked& checked;
  const WeightStore& store;
  Pairing pairing;
  FileNames names;
  std::vector<const FileTensor*> passed_over;
  std::map<const WeightBinding*, const Pair*> by_binding;

  const Graph& graph() const { return checked.built.graph; }
  FileAndNetwork parts() const { return {graph(), checked.spec, store, names}; }
  std::vector<int64_t> dims(const WeightBinding& binding) const {
    return file_layout(binding, graph().constant(binding.constant).dims, pairing.layout).dims;
  }
  const Pair* pair_of(const WeightBinding& binding) const {
    const auto at = by_binding.find(&binding);
    return at != by_binding.end() ? at->second : nullptr;
  }
  /// Whether `build` would take the file with the spec as it is.
  bool fits() const {
    bool by_name = pairing.layout == checked.spec.layout && pairing.missing.empty() && pairing.left_over.empty();
    for (const Pair& pair : pairing.pairs) by_name &= pair.by == PairedBy::name;
    return by_name;
  }
};

std::string why_missing(const Compared& all, const WeightBinding& binding) {
  const auto there = all.names.tensors.find(binding.path);
  if (there == all.names.tensors.end()) {
    if (all.names.ignored.count(binding.path) > 0) return "ignored";
    const std::string text = missing_text(binding, all.pairing, all.parts());
    return text.substr(0, text.find(':'));
  }
  const StoredTensor& tensor = *there->second.tensor;
  return tensor.unread.empty() ? "is " + dims_text(tensor.dims) : "is of type " + printable(tensor.unread);
}

std::string wanted_table(const Compared& all) {
  std::vector<std::vector<std::string>> rows = {{"tensor", "shape", "kind"}};
  int64_t numbers = 0;
  for (const WeightBinding& binding : all.graph().bindings) {
    int64_t count = 1;
    for (const int64_t dim : all.dims(binding)) count *= dim;
    numbers += count;
    rows.push_back({binding.path, dims_text(all.dims(binding)), std::string(kind_word(binding.kind))});
  }
  return format_table(rows, {false, false, false}) +
         fmt::format("{} tensors of {} numbers; shapes are those of `weights: {{layout: {}}}`\n",
                     grouped(int64_t(rows.size()) - 1), grouped(numbers), layout_word(all.pairing.layout));
}

std::string pairs_table(const Compared& all) {
  std::vector<std::vector<std::string>> rows = {{"tensor", "shape", "in the file", "found by"}};
  for (const WeightBinding& binding : all.graph().bindings) {
    const Pair* pair = all.pair_of(binding);
    rows.push_back({binding.path, dims_text(all.dims(binding)), pair != nullptr ? printable(pair->name) : "-",
                    pair != nullptr ? std::string(word_of(pair->by)) : why_missing(all, binding)});
  }
  std::string out = format_table(rows, {false, false, false, false});
  if (!all.pairing.left_over.empty()) {
    std::vector<std::vector<std::string>> left = {{"left over in the file", "shape"}};
    for (const std::string_view name : all.pairing.left_over)
      left.push_back({printable(name), dims_text(all.store.tensors.find(std::string(name))->second.dims)});
    out += "\n" + format_table(left, {false, false});
  }
  return out;
}

std::string summary(const Compared& all) {
  size_t counts[5] = {};
  for (const Pair& pair : all.pairing.pairs) ++counts[static_cast<size_t>(pair.by)];
  std::string out = fmt::format("{} of {} tensors found by name", counts[0], all.graph().bindings.size());
  constexpr std::string_view ways[] = {"", "as the only one of its shape", "by the letters of its name",
                                       "by its place beside others", "by order, which is a guess"};
  for (size_t i = 1; i < 5; ++i)
    if (counts[i] > 0) out += fmt::format(", {} {}", counts[i], ways[i]);
  out += fmt::format("; {} missing, {} left over, {} ignored, {} of other types", all.pairing.missing.size(),
                     all.pairing.left_over.size(), all.names.ignored.size(), all.passed_over.size());
  if (all.pairing.layout != all.checked.spec.layout)
    out += fmt::format("; the file's shapes are those of `weights: {{layout: {}}}`", layout_word(all.pairing.layout));
  return out + "\n";
}

Json rules_json(const Compared& all) {
  const Suggestion suggestion = suggest_rules(all.pairing, all.checked.spec, all.store);
  Json rules = Json::array();
  for (const RenameRule& rule : suggestion.rename)
    rules.push_back({{"from", rule.from}, {"to", rule.to}, {"more", rule.more}});
  return {{"layout", layout_word(all.pairing.layout)}, {"rename", rules}, {"ignore", suggestion.ignore}};
}

std::string weights_json(const Compared& all, const Sources& sources, bool with_file) {
  Json out = {{"deeper", 1}, {"network", all.checked.spec.name}, {"layout", layout_word(all.pairing.layout)}};
  if (with_file) out["fits"] = all.fits();
  out["tensors"] = Json::array();
  for (const WeightBinding& binding : all.graph().bindings) {
    const Range range = all.graph().constant(binding.constant).range;
    Json row = {{"path", binding.path}, {"shape", all.dims(binding)}, {"kind", kind_word(binding.kind)}};
    row["file"] = range.file == FileId::none ? all.checked.spec.file : sources.name(range.file);
    row["line"] = range.line;
    const Pair* pair = all.pair_of(binding);
    if (with_file) row["name"] = pair != nullptr ? Json(pair->name) : Json(nullptr);
    if (with_file) row["found_by"] = pair != nullptr ? std::string(word_of(pair->by)) : why_missing(all, binding);
    out["tensors"].push_back(std::move(row));
  }
  if (!with_file) return json_text(out);
  out["left_over"] = Json::array();
  for (const std::string_view name : all.pairing.left_over)
    out["left_over"].push_back({{"name", name}, {"shape", all.store.tensors.find(std::string(name))->second.dims}});
  out["ignored"] = Json::array();
  for (const auto& [path, ignored] : all.names.ignored) out["ignored"].push_back(ignored.name);
  out["passed_over"] = Json::array();
  for (const FileTensor* each : all.passed_over)
    out["passed_over"].push_back({{"name", each->name}, {"type", each->tensor->unread}});
  out["suggested"] = rules_json(all);
  return json_text(out);
}

Compared compare(const Checked& checked, const WeightStore& store, Diagnostics& diagnostics) {
  const Graph& graph = checked.built.graph;
  FileNames names = file_names(store, checked.spec, graph, diagnostics);
  Compared all{checked, store, pair_weights(graph, checked.spec, store, names), std::move(names), {}, {}};
  for (const Pair& pair : all.pairing.pairs) all.by_binding[pair.wanted] = &pair;
  for (const auto& [path, tensor] : all.names.tensors)
    if (!tensor.tensor->unread.empty()) all.passed_over.push_back(&tensor);
  return all;
}

int tell(const WeightsOptions& options, const Compared& all, const Sources& sources) {
  const bool with_file = !options.file.empty();
  if (options.common.json) {
    fmt::print("{}", weights_json(all, sources, with_file));
  } else if (!with_file) {
    fmt::print("{}", wanted_table(all));
  } else if (options.suggest) {
    fmt::print("{}",
               suggestion_text(suggest_rules(all.pairing, all.checked.spec, all.store), all.pairing, all.parts()));
    fmt::print(stderr, "{}", summary(all));
  } else {
    fmt::print("{}{}", pairs_table(all), summary(all));
  }
  if (!with_file) return status_done;
  return (options.suggest ? all.pairing.missing.empty() : all.fits()) ? status_done : status_wrong;
}

int run_weights(const WeightsOptions& options) {
  Sources sources;
  Diagnostics diagnostics, silent;
  const Options& common = options.common;
  const Checked checked = check_spec(common.spec, {common.set}, {common.heads}, sources, diagnostics);
  WeightStore store;
  if (!diagnostics.has_errors() && !options.file.empty()) store = read_safetensors(options.file, diagnostics);
  const int status = report(diagnostics, sources, common.json);
  if (status != status_done) return status;
  const Compared all = compare(checked, store, silent);
  if (!silent.all().empty() && !options.suggest) fmt::print(stderr, "{}", render(silent, sources, color_on_stderr()));
  return tell(options, all, sources);
}

}  // namespace

Subcommand add_weights(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("weights", "the tensors that a network wants; beside a file, which of its tensors they are");
  const auto options = std::make_shared<WeightsOptions>();
  add_spec_options(*sub, options->common);
  sub->add_option("FILE", options->file, "a safetensors file to compare with")->type_name("");
  sub->add_flag("--suggest", options->suggest,
                "prints a `weights:` section for the spec: rename rules, found by shape, name and place")
      ->needs("FILE");
  return {sub,
          "Examples:\n"
          "  deeper weights dsl/networks/fashion.yaml\n"
          "  deeper weights dsl/networks/fashion.yaml dsl/networks/fashion.safetensors\n"
          "  deeper weights net.yaml from_pytorch.safetensors --suggest > weights.yaml\n\n"
          "Exit status: 0 where the file fits (with --suggest: where every tensor is found), else 1.\n\n",
          [options] { return run_weights(*options); }};
}

}  // namespace deeper
