// deeper check: the network as a table, or everything that is wrong with it.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"

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
  Cost cost;
};

std::vector<std::string> module_row(const ModuleSum& sum) {
  return {fmt::format("= {}", sum.name),
          fmt::format("{} layers", sum.layers),
          "",
          count_text(sum.cost.params),
          count_text(sum.cost.macs),
          ""};
}

std::string check_table(const Checked& checked) {
  std::vector<std::vector<std::string>> rows = {{"layer", "op", "output", "parameters", "multiply-adds", "bytes"}};
  ModuleSum sum;
  const auto close_module = [&] {
    if (sum.layers > 1) rows.push_back(module_row(sum));
    sum = {};
  };
  for (const LayerRow& row : checked.built.layers) {
    const std::string module = module_of(row.path);
    if (!sum.name.empty() && module != sum.name && row.path != sum.name) close_module();
    rows.push_back({row.path, row.details.empty() ? row.op : row.op + " " + row.details, shape_text(row.out),
                    count_text(row.cost.params), count_text(row.cost.macs), grouped((row.out.elements() * 4).value())});
    if (!module.empty()) sum.name = module;
    if (sum.name.empty()) continue;
    ++sum.layers;
    sum.cost.params += row.cost.params;
    sum.cost.macs += row.cost.macs;
    if (row.path == sum.name) close_module();
  }
  close_module();
  const Cost& total = checked.built.total;
  rows.push_back({"total", fmt::format("{} layers", checked.built.layers.size()), "", grouped(total.params.value()),
                  grouped(total.macs.value()), ""});
  return format_table(rows, {false, false, true, true, true, true}) +
         "bytes: of the layer's output, as 32-bit floats; total: without optional heads\n";
}

std::string check_json(const Checked& checked, const Sources& sources) {
  nlohmann::ordered_json out;
  out["deeper"] = 1;
  out["network"] = checked.spec.name;
  out["params"] = checked.built.total.params.value();
  out["macs"] = checked.built.total.macs.value();
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
  return json_text(out);
}

int run_check(const Options& options) {
  Sources sources;
  Diagnostics diagnostics;
  const Checked checked = check_spec(options.spec, {options.set}, {options.heads}, sources, diagnostics);
  const int status = report(diagnostics, sources, options.json);
  if (status == status_done) fmt::print("{}", options.json ? check_json(checked, sources) : check_table(checked));
  return status;
}

}  // namespace

Subcommand add_check(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("check", "table of layers: output, parameters, multiply-adds, bytes; or all that is wrong");
  const auto options = std::make_shared<Options>();
  add_spec_options(*sub, *options);
  return {sub,
          "Examples:\n"
          "  deeper check dsl/networks/googlenet.yaml\n"
          "  deeper check dsl/networks/googlenet.yaml --set classes=10 --head aux1 --json\n\n",
          [options] { return run_check(*options); }};
}

}  // namespace deeper
