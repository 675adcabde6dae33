// deeper run: builds into the cache if needed, then becomes the program.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "codegen/cli/cache.h"
#include "codegen/cli/talk.h"
#include "dsl/text.h"

namespace deeper {
namespace {

struct RunOptions {
  Options common;
  std::vector<std::string> arguments;
};

int run_run(const RunOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  CachedProgram program = cached_program(options.common, sources, diagnostics);
  if (const int status = report(diagnostics, sources, options.common.json); status != status_done) return status;
  std::vector<std::string>& command = program.command;
  if (options.common.json) command.emplace_back("--json");
  command.insert(command.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(command.size() + 1);
  for (std::string& word : command) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  fflush(stdout);
  execv(pointers[0], pointers.data());
  talk("deeper: cannot run {}: {}\n", printable(command[0]), strerror(errno));
  return status_wrong;
}

}  // namespace

Subcommand add_run(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("run", "classifies images: builds the program where that has not happened yet, then runs it");
  const auto options = std::make_shared<RunOptions>();
  options->common.shows_classes = true;
  add_spec_options(*sub, options->common);
  add_build_options(*sub, options->common);
  sub->add_option("IMAGE", options->arguments, "images; after `--` whatever the program takes (see its --help)")
      ->type_name("")
      ->required();
  return {
      sub,
      "Examples:\n"
      "  deeper run dsl/networks/googlenet.yaml --weights googlenet.safetensors --labels labels.txt cat.jpg dog.png\n"
      "  deeper run dsl/networks/googlenet.yaml --weights googlenet.safetensors -- --topk 1 --threads 2 cat.jpg\n\n",
      [options] { return run_run(*options); }};
}

}  // namespace deeper
