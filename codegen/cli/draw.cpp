// deeper draw: the network as a picture.
#include <fmt/format.h>

#include <memory>

#include "codegen/cli/command.h"
#include "codegen/cli/table.h"
#include "codegen/compile/replace_file.h"
#include "codegen/draw/picture.h"

namespace deeper {
namespace {

struct DrawOptions {
  Options common;
  std::string output;
};

/// Optional heads belong to the picture: it shows how the network was trained.
std::vector<std::string> with_all_heads(const NetworkSpec& spec, std::vector<std::string> heads) {
  for (const Head& head : spec.heads)
    if (head.optional) heads.push_back(head.name);
  return heads;
}

int run_draw(const DrawOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const Options& common = options.common;
  const NetworkSpec spec = parse(common.spec, {common.set}, sources, diagnostics);
  const BuildResult all = build(spec, {with_all_heads(spec, common.heads)}, sources, diagnostics);
  const int status = report(diagnostics, sources, common.json);
  if (status != status_done) return status;
  Diagnostics told_already;
  const BuildResult counted = build(spec, {common.heads}, sources, told_already);
  Picture picture = compose(spec, all, common.heads, counted.with_heads);
  arrange(picture);
  const std::string svg = to_svg(picture);
  if (options.output.empty()) {
    print_page(svg);
    return status_done;
  }
  const std::string failure = replace_file(options.output, svg);
  if (failure.empty()) return status_done;
  Diagnostics writing;
  writing.error("cannot-write", {}, fmt::format("cannot write {}: {}", options.output, failure));
  return report(writing, sources, common.json);
}

}  // namespace

Subcommand add_draw(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("draw", "the network as a picture (SVG): modules with their branches, shapes on the arrows");
  const auto options = std::make_shared<DrawOptions>();
  add_spec_options(*sub, options->common);
  sub->add_option("-o", options->output, "the file to write (default: standard output)")->type_name("F.svg");
  return {sub,
          "Examples:\n"
          "  deeper draw dsl/networks/googlenet.yaml -o googlenet.svg\n"
          "  deeper draw dsl/networks/inception_v4.yaml > v4.svg\n\n",
          [options] { return run_draw(*options); }};
}

}  // namespace deeper
