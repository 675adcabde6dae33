// deeper explain: every step of the schedule, and why it is as it is.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"

namespace deeper {
namespace {

// "112x112x64, 3,211,264 bytes at byte 0 of the arena": where a step leaves its results.
std::string memory_text(const Schedule& schedule, const StepOutput& output) {
  const Buffer& buffer = schedule.buffers[size_t(index(output.slice.buffer))];
  std::string text = fmt::format("{}x{}x{}", buffer.shape.height, buffer.shape.width, output.slice.channels);
  if (output.slice.channels != buffer.shape.channels)
    text += fmt::format(" = channels {}..{} of {}", output.slice.channel, output.slice.channel + output.slice.channels,
                        buffer.shape.channels);
  text += fmt::format(", {} bytes at byte {} of the arena", grouped(buffer.floats * 4), grouped(buffer.begin * 4));
  if (buffer.border_top + buffer.border_left + buffer.border_bottom + buffer.border_right > 0)
    text += fmt::format(", zero border {} {} {} {}", buffer.border_top, buffer.border_left, buffer.border_bottom,
                        buffer.border_right);
  return text;
}

std::string joined(const std::vector<std::string>& words, const char* with) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : with) + word;
  return out;
}

std::string explain_text(const Schedule& schedule) {
  std::string out;
  for (size_t i = 0; i < schedule.steps.size(); ++i) {
    const ScheduledStep& step = schedule.steps[i];
    out += fmt::format("{:3} {}\n", i, step.paths.empty() ? step.name : joined(step.paths, " + "));
    out += fmt::format("    what       {}{}\n", step.summary, step.place.empty() ? "" : " (" + step.place + ")");
    out += fmt::format("    algorithm  {}, {} {}", step.algorithm, grouped(step.units),
                       step.units == 1 ? "unit" : "units");
    out += step.macs > 0 ? fmt::format(", {} multiply-adds\n", grouped(step.macs)) : "\n";
    for (const StepOutput& output : step.outputs)
      out += fmt::format("    result     {}: {}\n", output.path, memory_text(schedule, output));
    for (const std::string& reason : step.reasons) out += fmt::format("    because    {}\n", reason);
  }
  out += fmt::format("{} steps for {}; arena {} with one thread, {} for each further one; weights {}\n",
                     schedule.steps.size(), schedule.target, size_text(schedule.arena_floats * 4),
                     size_text(schedule.arena_floats_per_thread * 4), size_text(schedule.weights_floats * 4));
  return out;
}

std::string explain_json(const Schedule& schedule) {
  nlohmann::ordered_json out = {{"deeper", 1}, {"network", schedule.network}, {"target", schedule.target}};
  out["arena_bytes"] = schedule.arena_floats * 4;
  out["weights_bytes"] = schedule.weights_floats * 4;
  out["steps"] = nlohmann::ordered_json::array();
  for (const ScheduledStep& step : schedule.steps)
    out["steps"].push_back({{"paths", step.paths},
                            {"place", step.place},
                            {"summary", step.summary},
                            {"algorithm", step.algorithm},
                            {"macs", step.macs},
                            {"units", step.units},
                            {"reasons", step.reasons}});
  return json_text(out);
}

int run_explain(const Options& options) {
  Sources sources;
  Diagnostics diagnostics;
  std::string text;
  for (const Target* target : chosen_targets(options, diagnostics)) {
    if (diagnostics.has_errors()) break;
    const ArtifactOptions how = artifact_options(options, target, diagnostics);
    if (diagnostics.has_errors()) break;
    const Lowered lowered = lower(options.spec, how, sources, diagnostics);
    if (!diagnostics.has_errors())
      text += options.json ? explain_json(lowered.schedule) : explain_text(lowered.schedule);
  }
  const int status = report(diagnostics, sources, options.json);
  if (status == status_done) print_page(text);
  return status;
}

}  // namespace

Subcommand add_explain(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("explain", "of every step: algorithm, tile, fusion, memory, and the reason");
  const auto options = std::make_shared<Options>();
  add_spec_options(*sub, *options);
  add_build_options(*sub, *options);
  sub->get_option("--weights")->required(false)->description("not needed: nothing here depends on their values");
  return {sub,
          "Examples:\n"
          "  deeper explain dsl/networks/googlenet.yaml\n"
          "  deeper explain dsl/networks/fashion.yaml --target aarch64 --disable-pass merge-siblings\n\n",
          [options] { return run_explain(*options); }};
}

}  // namespace deeper
