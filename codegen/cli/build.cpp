// deeper build: a folder with sources, libraries, program and weights; one a target.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/progress.h"
#include "codegen/cli/table.h"
#include "dsl/text.h"

namespace deeper {
namespace {

struct BuildOnly {
  Options common;
  std::string output;
  bool sources_only = false;
};

int64_t bytes_of(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : int64_t(size);
}

std::string told(const std::string& folder, const Schedule& schedule, bool compiled) {
  const std::string& name = schedule.network;
  const std::string program = folder + "/" + name;
  return fmt::format("{}: {}, {} {}, {} of activations with one thread, {} steps for {}\n",
                     printable(compiled ? program : folder),
                     compiled ? "program " + size_text(bytes_of(program)) : "sources", name + ".weights",
                     size_text(bytes_of(program + ".weights")), size_text(schedule.arena_floats * 4),
                     schedule.steps.size(), schedule.target);
}

// One target into one folder; what to say about it, or nothing and diagnostics.
nlohmann::ordered_json build_one(const BuildOnly& options, const Checked& checked, const Target* target,
                                 const std::string& folder, std::string& text, const Sources& sources,
                                 Diagnostics& diagnostics) {
  Progress progress;
  ArtifactOptions how = artifact_options(options.common, target, diagnostics);
  if (diagnostics.has_errors()) return {};
  how.compile = !options.sources_only;
  how.progress = [&](std::string_view stage, double part) { progress.show(stage, part); };
  if (how.compile && !can_build(*how.target, diagnostics)) return {};
  const auto cache = how.compile ? cache_for_build(options.common, diagnostics) : std::nullopt;
  how.cache = cache ? &*cache : nullptr;
  const Lowered lowered = lower(checked, how, sources, diagnostics);
  if (diagnostics.has_errors()) return {};
  const std::string where = folder.empty() ? lowered.schedule.network : folder;
  write_artifact(lowered, how, where, diagnostics);
  if (diagnostics.has_errors()) return {};
  text += told(where, lowered.schedule, how.compile);
  return {{"folder", where},
          {"network", lowered.schedule.network},
          {"target", lowered.schedule.target},
          {"arena_bytes", lowered.schedule.arena_floats * 4},
          {"weights_bytes", lowered.schedule.weights_floats * 4}};
}

int run_build(const BuildOnly& options) {
  Sources sources;
  Diagnostics diagnostics;
  const std::vector<const Target*> chosen = chosen_targets(options.common, diagnostics);
  nlohmann::ordered_json out = {{"deeper", 1}, {"outputs", nlohmann::ordered_json::array()}};
  std::string text;
  if (chosen.size() > 1 && options.output.empty())
    diagnostics.error("output-folder", {},
                      "several targets go into folders of their own: name the folder around them with -o");
  Checked checked;  // once, or each target would tell the same
  if (!diagnostics.has_errors())
    checked = check_spec(options.common.spec, {options.common.set}, {options.common.heads}, sources, diagnostics);
  for (const Target* target : chosen) {
    if (diagnostics.has_errors()) break;
    const std::string folder = chosen.size() > 1 ? fmt::format("{}/{}", options.output, target->name) : options.output;
    out["outputs"].push_back(build_one(options, checked, target, folder, text, sources, diagnostics));
  }
  const int status = report(diagnostics, sources, options.common.json);
  if (status == status_done) print_page(options.common.json ? json_text(out) : text);
  return status;
}

}  // namespace

Subcommand add_build(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("build", "C++, libraries and program of a network for one or several targets");
  const auto options = std::make_shared<BuildOnly>();
  options->common.shows_classes = true;
  add_spec_options(*sub, options->common);
  add_build_options(*sub, options->common);
  sub->add_option("-o", options->output,
                  "the folder to leave (default: the network's name); several targets: one folder each below it")
      ->type_name("DIR");
  sub->add_option("--name", options->common.name,
                  "names files, program and C functions, so that one program can hold two models of a network")
      ->type_name("NAME");
  sub->add_flag("--no-cache", options->common.no_cache,
                "compiles everything anew, and keeps nothing for the next build");
  sub->add_flag("--sources-only", options->sources_only, "C++ and weights, nothing compiled");
  return {sub,
          "Examples:\n"
          "  deeper build dsl/networks/googlenet.yaml --weights googlenet.safetensors -o out/googlenet\n"
          "  deeper build dsl/networks/fashion.yaml --weights dsl/networks/fashion.safetensors --embed\n"
          "  deeper build net.yaml --weights random:1 --target x86-64-v3 --target aarch64 -o out\n\n",
          [options] { return run_build(*options); }};
}

}  // namespace deeper
