// deeper dump: what each stage of the compiler holds.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/cli/talk.h"
#include "codegen/compile/files.h"
#include "codegen/ir/verify.h"
#include "dsl/text.h"
#include "dsl/yaml_tree.h"

namespace deeper {
namespace {

using Clock = std::chrono::steady_clock;

struct DumpOptions {
  Options common;
  std::string stage, after;
  bool time = false;
};

// Wall time of each stage, told on standard error at the end.
class Stopwatch {
 public:
  void lap(std::string stage) {
    const Clock::time_point now = Clock::now();
    laps_.emplace_back(std::move(stage), std::chrono::duration<double, std::milli>(now - last_).count());
    last_ = now;
  }
  void print() const {
    for (const auto& [stage, milliseconds] : laps_) talk("{:9.3f} ms  {}\n", milliseconds, stage);
  }

 private:
  Clock::time_point last_ = Clock::now();
  std::vector<std::pair<std::string, double>> laps_;
};

void print_node(const YamlNode& node, int depth, std::string& out) {
  for (size_t i = 0; i < node.items.size(); ++i) {
    const YamlNode& item = node.items[i];
    const std::string name = node.is_mapping() ? node.keys[i].text : "-";
    out += fmt::format("{:4}:{:<4}{}{}", item.range.line, item.range.column, std::string(size_t(depth) * 2, ' '),
                       printable(name));
    if (item.is_scalar())
      out += fmt::format(" {}", item.plain ? printable(item.text) : "'" + printable(item.text) + "'");
    out += item.is_sequence() && item.items.empty()  ? " []\n"
           : item.is_mapping() && item.items.empty() ? " {}\n"
                                                     : "\n";
    print_node(item, depth + 1, out);
  }
}

std::string tree_text(const DumpOptions& options, Sources& sources, Diagnostics& diagnostics) {
  std::string reason, out;
  auto text = read_file(options.common.spec, reason);
  if (!text) {
    diagnostics.error("unreadable-file", {}, fmt::format("cannot read {}: {}", options.common.spec, reason));
    return out;
  }
  const auto tree = read_yaml(sources.add(options.common.spec, std::move(*text)), sources, diagnostics);
  if (tree) print_node(*tree, 0, out);
  return out;
}

std::string with_heading(std::string_view pass, const std::string& text, bool changed) {
  return fmt::format("# after {}{}\n{}", pass, changed ? "" : " (unchanged)", text);
}

// The graph as built; or after one pass; or, with "all", after each that changes something.
std::string graph_text(const DumpOptions& options, Graph graph, Stopwatch& watch) {
  std::string last = print(graph), out;
  if (options.after.empty()) return last;
  PassOptions passes{options.common.disabled_passes, {}};
  passes.after = [&](std::string_view pass, const Graph& now) {
    watch.lap(std::string(pass));
    const std::string text = print(now);
    const bool changed = text != last;
    if (options.after == pass) out = with_heading(pass, text, changed);
    if (options.after == "all") out += with_heading(pass, changed ? text : "", changed);
    last = text;
    watch.lap("(printing)");
  };
  optimize(std::move(graph), passes);
  if (out.empty()) out = with_heading(options.after, last, false);  // switched off
  return out;
}

bool check_after(const DumpOptions& options, Diagnostics& diagnostics) {
  const std::vector<std::string_view> known = pass_names();
  if (options.after.empty() || options.after == "all" ||
      std::find(known.begin(), known.end(), options.after) != known.end())
    return true;
  diagnostics.error("unknown-pass", {}, fmt::format("--after {}: there is no pass of that name", options.after)).help =
      suggestion(options.after, known, "passes");
  return false;
}

std::string stage_text(const DumpOptions& options, Sources& sources, Diagnostics& diagnostics, Stopwatch& watch) {
  if (options.stage == "tree") return tree_text(options, sources, diagnostics);
  NetworkSpec spec = parse(options.common.spec, {options.common.set}, sources, diagnostics);
  watch.lap("parse");
  if (diagnostics.has_errors()) return "";
  if (options.stage == "spec") return print_yaml(spec);
  BuildResult built = build(spec, {options.common.heads}, sources, diagnostics);
  watch.lap("build");
  if (diagnostics.has_errors() || !check_after(options, diagnostics)) return "";
  if (options.stage == "graph") return graph_text(options, std::move(built.graph), watch);

  const std::vector<const Target*> chosen = chosen_targets(options.common, diagnostics);
  if (diagnostics.has_errors()) return "";
  const ArtifactOptions how = artifact_options(options.common, chosen[0], diagnostics);
  if (diagnostics.has_errors()) return "";
  const Lowered lowered = lower(options.common.spec, how, sources, diagnostics);
  watch.lap("parse to schedule");
  return diagnostics.has_errors() ? "" : print(lowered.schedule);
}

int run_dump(const DumpOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  Stopwatch watch;
  const std::string text = stage_text(options, sources, diagnostics, watch);
  watch.lap("the rest");
  const int status = report(diagnostics, sources, options.common.json);
  if (status == status_done)
    print_page(options.common.json ? json_text({{"deeper", 1}, {"stage", options.stage}, {"text", text}}) : text);
  if (options.time) watch.print();
  return status;
}

}  // namespace

Subcommand add_dump(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("dump", "what a stage of the compiler holds");
  const auto options = std::make_shared<DumpOptions>();
  add_spec_options(*sub, options->common);
  add_schedule_options(*sub, options->common);
  sub->add_option("--stage", options->stage, "tree, spec, graph or schedule")
      ->type_name("S")
      ->required()
      ->check(CLI::IsMember({"tree", "spec", "graph", "schedule"}).description(""));
  sub->add_option("--after", options->after,
                  "with --stage graph: after this pass; `all`: after each that changes something")
      ->type_name("PASS");
  sub->add_flag("--time", options->time, "how long each stage took, on standard error");
  return {sub,
          "Examples:\n"
          "  deeper dump dsl/networks/fashion.yaml --stage graph\n"
          "  deeper dump dsl/networks/fashion.yaml --stage graph --after merge-siblings\n"
          "  deeper dump dsl/networks/fashion.yaml --stage schedule --target x86-64-v3 --time\n\n",
          [options] { return run_dump(*options); }};
}

}  // namespace deeper
