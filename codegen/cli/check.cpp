// deeper check: the network as a table, or everything that is wrong with it.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "codegen/cli/command.h"
#include "codegen/cli/compare.h"
#include "codegen/cli/fix_expect.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/compile/labels.h"

namespace deeper {
namespace {

std::string shape_text(const Shape& shape) {
  return fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels);
}

std::string count_text(Size count) { return count.value() == 0 ? "" : grouped(count.value()); }

// The part of a path that its module gave it; empty for a layer outside of modules.
std::string module_of(const std::string& path) {
  const size_t slash = path.find('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

/// Adds up the layers of one module, which are neighbours, and the layer that joins its branches.
struct ModuleSum {
  std::string name;
  int layers = 0;
  Shape out;
  Cost cost;
  int64_t bytes = 0;
};

int64_t bytes_of(const LayerRow& row) { return (row.out.elements() * 4).value(); }

void add(ModuleSum& sum, const LayerRow& row) {
  ++sum.layers;
  sum.out = row.out;
  sum.cost.params += row.cost.params;
  sum.cost.macs += row.cost.macs;
  sum.bytes += bytes_of(row);
}

/// Modules of more than one layer and the index behind their last row, in order.
std::vector<std::pair<ModuleSum, size_t>> modules_of(const std::vector<LayerRow>& rows) {
  std::vector<std::pair<ModuleSum, size_t>> modules;
  ModuleSum sum;
  const auto close = [&](size_t end) {
    if (sum.layers > 1) modules.emplace_back(sum, end);
    sum = {};
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::string module = module_of(rows[i].path);
    if (!sum.name.empty() && module != sum.name && rows[i].path != sum.name) close(i);
    if (!module.empty()) sum.name = module;
    if (sum.name.empty()) continue;
    add(sum, rows[i]);
    if (rows[i].path == sum.name) close(i + 1);
  }
  close(rows.size());
  return modules;
}

std::vector<std::string> layer_row(const LayerRow& row) {
  return {row.path,
          row.details.empty() ? row.op : row.op + " " + row.details,
          shape_text(row.out),
          count_text(row.cost.params),
          count_text(row.cost.macs),
          grouped(bytes_of(row))};
}

std::vector<std::string> module_row(const ModuleSum& sum) {
  return {fmt::format("= {}", sum.name), fmt::format("{} layers", sum.layers),
          shape_text(sum.out),           count_text(sum.cost.params),
          count_text(sum.cost.macs),     grouped(sum.bytes)};
}

/// The optional heads that were built, by name.
std::vector<std::string> heads_of(const Checked& checked) {
  std::vector<std::string> heads;
  for (const GraphHead& built : checked.built.graph.heads)
    for (const Head& head : checked.spec.heads)
      if (head.optional && head.name == built.name) heads.push_back(head.name);
  return heads;
}

std::vector<std::string> row_with_heads(const Checked& checked) {
  int64_t bytes = 0;
  for (const LayerRow& row : checked.built.layers) bytes += bytes_of(row);
  return {fmt::format("with {}", fmt::join(heads_of(checked), ", ")),
          fmt::format("{} layers", checked.built.layers.size()),
          "",
          grouped(checked.built.with_heads.params.value()),
          grouped(checked.built.with_heads.macs.value()),
          grouped(bytes)};
}

std::string check_table(const Checked& checked) {
  std::vector<std::vector<std::string>> rows = {{"layer", "op", "output", "parameters", "multiply-adds", "bytes"}};
  const std::vector<LayerRow>& layers = checked.built.layers;
  const auto modules = modules_of(layers);
  auto module = modules.begin();
  for (size_t i = 0; i < layers.size(); ++i) {
    rows.push_back(layer_row(layers[i]));
    for (; module != modules.end() && module->second == i + 1; ++module) rows.push_back(module_row(module->first));
  }
  const Figures total = figures_of(checked);
  rows.push_back({"total", fmt::format("{} layers", checked.built.total_layers), "", grouped(total.params),
                  grouped(total.macs), grouped(total.activations * 4)});
  if (!heads_of(checked).empty()) rows.push_back(row_with_heads(checked));
  return format_table(rows, {false, false, true, true, true, true}) +
         "bytes: of the outputs, as 32-bit floats; of a module (=) and in total their sum; total: without optional "
         "heads\n";
}

std::string check_json(const Checked& checked, const Sources& sources) {
  nlohmann::ordered_json out;
  out["deeper"] = 1;
  const Figures total = figures_of(checked);
  out["network"] = total.network;
  out["params"] = total.params;
  out["macs"] = total.macs;
  out["activations"] = total.activations;
  out["weight_bytes"] = total.weight_bytes;
  if (const auto heads = heads_of(checked); !heads.empty())
    out["with_heads"] = {{"heads", heads},
                         {"params", checked.built.with_heads.params.value()},
                         {"macs", checked.built.with_heads.macs.value()}};
  out["layers"] = nlohmann::ordered_json::array();
  for (const LayerRow& row : checked.built.layers)
    out["layers"].push_back(
        {{"path", row.path},
         {"op", row.op},
         {"out", {row.out.height, row.out.width, row.out.channels}},
         {"params", row.cost.params.value()},
         {"macs", row.cost.macs.value()},
         {"file", row.range.file == FileId::none ? checked.spec.file : sources.name(row.range.file)},
         {"line", row.range.line}});
  out["modules"] = nlohmann::ordered_json::array();
  for (const auto& [sum, end] : modules_of(checked.built.layers))
    out["modules"].push_back({{"path", sum.name},
                              {"layers", sum.layers},
                              {"out", {sum.out.height, sum.out.width, sum.out.channels}},
                              {"params", sum.cost.params.value()},
                              {"macs", sum.cost.macs.value()},
                              {"activations", sum.bytes / 4}});
  return json_text(out);
}

/// The files of the heads' labels. Where a param is overridden, they are those of another network: notes then.
void check_labels(const Checked& checked, Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) return;
  Diagnostics found;
  read_labels(checked.built.graph, {}, checked.spec.file, found);
  const bool overridden = std::any_of(checked.spec.params.begin(), checked.spec.params.end(),
                                      [](const ParamValue& param) { return param.overridden; });
  for (const Diagnostic& each : found.all()) {
    Diagnostic& told = overridden ? diagnostics.note(each.id, each.range, each.message)
                                  : diagnostics.error(each.id, each.range, each.message);
    told.notes = each.notes;
    told.help = each.help;
  }
}

struct CheckOptions {
  Options common;
  bool fix_expect = false;
  std::optional<std::string> compare;
};

// The arena itself, where it could be beyond the limit; planned for one target, and no target's differs by much.
void check_arena(const Checked& checked, const Options& options, const Sources& sources, Diagnostics& diagnostics) {
  constexpr int64_t most_padding = 16;  // one channel becomes a whole vector
  if (figures_of(checked).activations * 4 * most_padding < options.limits.arena_bytes) return;
  ArtifactOptions how;
  how.target = &targets().front();
  how.build.limits = {INT64_MAX, options.limits.arena_bytes};  // weights have been looked at
  lower(checked, how, sources, diagnostics);
}

int run_check(const CheckOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const Options& common = options.common;
  if (options.fix_expect) return fix_expect(common.spec, common.json);
  const Checked checked = check_spec(common.spec, {common.set}, {common.heads, common.limits}, sources, diagnostics);
  if (!diagnostics.has_errors()) check_arena(checked, common, sources, diagnostics);
  check_labels(checked, diagnostics);
  const Checked other =
      options.compare ? check_spec(*options.compare, {}, {{}, common.limits}, sources, diagnostics) : Checked();
  const int status = report(diagnostics, sources, common.json);
  if (status != status_done) return status;
  if (options.compare)
    print_page((common.json ? compare_json : compare_table)(figures_of(checked), figures_of(other)));
  else
    print_page(common.json ? check_json(checked, sources) : check_table(checked));
  return status;
}

}  // namespace

Subcommand add_check(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("check", "table of layers: output, parameters, multiply-adds, bytes; or all that is wrong");
  const auto options = std::make_shared<CheckOptions>();
  add_spec_options(*sub, options->common);
  add_limit_options(*sub, options->common);
  sub->add_option("--compare", options->compare,
                  "another network: parameters, multiply-adds, activations and bytes of weights of both, and their "
                  "ratios; --set and --head are for SPEC alone")
      ->type_name("OTHER");
  sub->add_flag("--fix-expect", options->fix_expect,
                "writes into SPEC, in place of the numbers of `expect` that do not hold, those that the network has")
      ->excludes(sub->get_option("--set"))
      ->excludes(sub->get_option("--head"))
      ->excludes(sub->get_option("--compare"));
  return {sub,
          "Examples:\n"
          "  deeper check dsl/networks/googlenet.yaml\n"
          "  deeper check dsl/networks/googlenet.yaml --set classes=10 --head aux1 --json\n"
          "  deeper check net.yaml --fix-expect\n"
          "  deeper check dsl/networks/alexnet.yaml --compare dsl/networks/googlenet.yaml\n\n",
          [options] { return run_check(*options); }};
}

}  // namespace deeper
