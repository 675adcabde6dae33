// deeper bench: latency and, step by step, the share of the machine's peak, measured in the same run of the program.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/cache.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/compile/process.h"

namespace deeper {
namespace {

using Json = nlohmann::ordered_json;

struct BenchOptions {
  Options common;
  int runs = 20, threads = 1;
};

// What one step's or all steps' multiply-adds come to; a multiply-add is two operations.
double gflops(int64_t macs, double milliseconds) { return milliseconds > 0 ? 2e-6 * double(macs) / milliseconds : 0; }

/// The program's figures with `gflops` and `share_of_peak` for each step, and the two totals.
Json with_shares(Json told) {
  const double peak = told.value("peak_gflops", 0.0) * told.value("threads", 1);
  const auto share = [&](double value) { return peak > 0 ? value / peak : 0.0; };
  int64_t macs = 0;
  double convolutions_ms = 0;
  for (Json& step : told["steps"]) {
    const int64_t step_macs = step.value("macs", int64_t{0});
    const double milliseconds = step.value("median_ms", 0.0);
    step["gflops"] = gflops(step_macs, milliseconds);
    step["share_of_peak"] = share(gflops(step_macs, milliseconds));
    macs += step_macs;
    if (step_macs > 0) convolutions_ms += milliseconds;
  }
  told["macs"] = macs;
  told["convolutions_share_of_peak"] = share(gflops(macs, convolutions_ms));
  told["network_share_of_peak"] = share(gflops(macs, told.value("median_ms", 0.0)));
  return told;
}

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100); }

std::string bench_text(const Json& all) {
  std::vector<std::vector<std::string>> rows = {{"step", "algorithm", "median ms", "GFLOP/s", "of peak"}};
  for (const Json& step : all["steps"]) {
    std::string paths;
    for (const Json& path : step["paths"]) paths += (paths.empty() ? "" : " + ") + path.get<std::string>();
    const bool counts = step.value("macs", int64_t{0}) > 0;
    rows.push_back({paths, step.value("algorithm", ""), fmt::format("{:.3f}", step.value("median_ms", 0.0)),
                    counts ? fmt::format("{:.1f}", step.value("gflops", 0.0)) : "",
                    counts ? percent(step.value("share_of_peak", 0.0)) : ""});
  }
  std::string out = format_table(rows, {false, false, true, true, true});
  out += fmt::format("{} for {}, {} {}: median {:.3f} ms, least {:.3f} ms, 99th percentile {:.3f} ms\n",
                     all.value("network", ""), all.value("target", ""), all.value("threads", 1),
                     all.value("threads", 1) == 1 ? "thread" : "threads", all.value("median_ms", 0.0),
                     all.value("min_ms", 0.0), all.value("p99_ms", 0.0));
  out += fmt::format(
      "share of the multiply-add peak ({:.1f} GFLOP/s a thread, measured in this run): convolutions {}, whole network "
      "{}\n",
      all.value("peak_gflops", 0.0), percent(all.value("convolutions_share_of_peak", 0.0)),
      percent(all.value("network_share_of_peak", 0.0)));
  return out;
}

// The program's JSON, or null and diagnostics.
Json measure(const BenchOptions& options, const CachedProgram& program, Diagnostics& diagnostics) {
  Command command;
  command.arguments = program.command;
  for (const std::string& word : {std::string("--bench"), std::to_string(options.runs), std::string("--threads"),
                                  std::to_string(options.threads), std::string("--profile"), std::string("--json")})
    command.arguments.push_back(word);
  command.timeout_seconds = 3600;
  const Finished finished = run(command);
  if (!finished.ok()) {
    diagnostics.error("program-failed", {},
                      fmt::format("{} {}: {}", program.checked.spec.name, finished.how(), finished.err));
    return nullptr;
  }
  Json told = Json::parse(finished.out, nullptr, false);
  if (told.is_object() && told.contains("steps")) return told;
  diagnostics.error("internal-program", {}, "the program's --bench --profile --json does not say what it should");
  return nullptr;
}

int run_bench(const BenchOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const CachedProgram program = cached_program(options.common, sources, diagnostics);
  const Json told = diagnostics.has_errors() ? Json() : measure(options, program, diagnostics);
  const int status = report(diagnostics, sources, options.common.json);
  if (status != status_done) return status;
  const Json all = with_shares(told);
  print_page(options.common.json ? json_text(all) : bench_text(all));
  return status;
}

}  // namespace

Subcommand add_bench(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("bench", "latency, time of each step, share of the machine's measured peak");
  const auto options = std::make_shared<BenchOptions>();
  add_spec_options(*sub, options->common);
  add_build_options(*sub, options->common);
  sub->add_option("--runs", options->runs, "timed runs (default 20)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000).description(""));
  sub->add_option("--threads", options->threads, "threads of the program (default 1)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  return {sub,
          "Examples:\n"
          "  deeper bench dsl/networks/googlenet.yaml --weights random:1\n"
          "  deeper bench dsl/networks/googlenet.yaml --weights random:1 --threads 2 --json\n\n",
          [options] { return run_bench(*options); }};
}

}  // namespace deeper
