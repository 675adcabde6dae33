// deeper cache: what is kept for the next run, and how to be rid of it.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>

#include "codegen/cli/command.h"
#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"
#include "codegen/compile/cache_folder.h"
#include "dsl/text.h"

namespace deeper {
namespace {

struct CacheOptions {
  std::string limit;
  bool empty = false;
  bool json = false;
};

std::string time_text(int64_t seconds) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time_t(seconds))); }

int64_t total(const std::vector<CacheRow>& rows) {
  int64_t bytes = 0;
  for (const CacheRow& row : rows) bytes += row.bytes;
  return bytes;
}

std::string as_text(const CacheFolder& cache, const CacheRemoval& removed) {
  const std::vector<CacheRow> rows = cache.rows();
  std::vector<std::vector<std::string>> table = {{"what", "of", "for", "size", "last used"}};
  for (const CacheRow& row : rows)
    table.push_back({row.kind.empty() ? "broken or of another version" : printable(row.kind),
                     row.kind.empty() ? row.folder : printable(row.name), printable(row.target), size_text(row.bytes),
                     time_text(row.used)});
  std::string text = rows.empty() ? "" : format_table(table, {false, false, false, true, false});
  if (removed.entries > 0) text += fmt::format("{} entries removed, {}\n", removed.entries, size_text(removed.bytes));
  if (removed.in_use > 0) text += fmt::format("{} entries are in use and stay\n", removed.in_use);
  return text + fmt::format("{}: {} entries, {} of at most {}\n", printable(cache.path()), rows.size(),
                            size_text(total(rows)), size_text(cache.limit()));
}

std::string as_json(const CacheFolder& cache, const CacheRemoval& removed) {
  const std::vector<CacheRow> rows = cache.rows();
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CacheRow& row : rows)
    list.push_back({{"folder", row.folder},
                    {"kind", row.kind},
                    {"network", row.name},
                    {"target", row.target},
                    {"bytes", row.bytes},
                    {"used", time_text(row.used)}});
  return json_text({{"deeper", 1},
                    {"folder", cache.path()},
                    {"bytes", total(rows)},
                    {"limit_bytes", cache.limit()},
                    {"removed", {{"entries", removed.entries}, {"bytes", removed.bytes}, {"in_use", removed.in_use}}},
                    {"entries", list}});
}

int run_cache(const CacheOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  CacheProblem problem;
  const auto cache = CacheFolder::open(problem);
  if (!cache) diagnostics.error("cache-folder", {}, problem.message).help = problem.help;
  const auto limit = options.limit.empty() ? std::nullopt : parse_size(options.limit);
  if (!options.limit.empty() && !limit)
    diagnostics.error("cache-folder", {}, fmt::format("--limit {} is no size", options.limit)).help = "`500MB`, `4GB`";
  if (const int status = report(diagnostics, sources, options.json); status != status_done) return status;
  if (!cache) return status_wrong;
  CacheRemoval removed;
  if (options.empty || limit) removed = cache->trim(options.empty ? 0 : *limit);
  fmt::print("{}", options.json ? as_json(*cache, removed) : as_text(*cache, removed));
  return status_done;
}

}  // namespace

Subcommand add_cache(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("cache", "lists or empties what `run`, `golden`, `bench` and `build` keep");
  const auto options = std::make_shared<CacheOptions>();
  CLI::Option* empty = sub->add_flag("--empty", options->empty, "removes all but what is in use");
  sub->add_option("--limit", options->limit, "removes what was used longest ago until no more than SIZE is left")
      ->type_name("SIZE")
      ->excludes(empty);
  sub->add_flag("--json", options->json, "for programs: one JSON object on standard output, errors too");
  return {sub,
          "Examples:\n"
          "  deeper cache\n"
          "  deeper cache --limit 500MB\n"
          "  deeper cache --empty\n"
          "The folder is $XDG_CACHE_HOME/deeper, else ~/.cache/deeper. DEEPER_CACHE_LIMIT=SIZE bounds it (else 4GB):\n"
          "what was used longest ago goes first, what nobody used for a month always.\n\n",
          [options] { return run_cache(*options); }};
}

}  // namespace deeper
