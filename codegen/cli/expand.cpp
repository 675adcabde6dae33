// deeper expand: the flat network with nothing implicit.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"

namespace deeper {
namespace {

int run_expand(const Options& options) {
  Sources sources;
  Diagnostics diagnostics;
  const NetworkSpec spec = parse(options.spec, {options.set}, sources, diagnostics);
  const int status = report(diagnostics, sources, options.json);
  if (status != status_done) return status;
  if (options.json) {
    const nlohmann::ordered_json out = {
        {"deeper", 1}, {"network", spec.name}, {"spec_hash", spec_hash(spec)}, {"yaml", print_yaml(spec)}};
    fmt::print("{}", json_text(out));
  } else {
    fmt::print("{}", print_yaml(spec));
  }
  return status;
}

}  // namespace

Subcommand add_expand(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("expand", "the network as flat YAML: no blocks, no parameters, every default written out");
  const auto options = std::make_shared<Options>();
  add_spec_options(*sub, *options);
  return {sub,
          "Examples:\n"
          "  deeper expand dsl/networks/googlenet.yaml\n"
          "  deeper expand dsl/networks/googlenet.yaml --set size=64 > small.yaml\n\n",
          [options] { return run_expand(*options); }};
}

}  // namespace deeper
