#include "codegen/ir/limits.h"

#include <algorithm>

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"

namespace deeper {
namespace {

int64_t weight_bytes(const LayerRow& row) { return row.cost.params.value() * 4; }

}  // namespace

std::string size_in_gb(int64_t bytes) { return fmt::format("{:.3g} GB", double(bytes) / 1e9); }

void too_large(Range where, const std::string& what, int64_t bytes, const char* option, int64_t limit,
               Diagnostics& diagnostics) {
  diagnostics.error(ids::too_large, where, fmt::format("{}; the limit is {}", what, size_in_gb(limit))).help =
      fmt::format("`{} {}G` allows that", option, (bytes + 999'999'999) / 1'000'000'000);
}

void check_limits(const BuildResult& built, const SizeLimits& limits, Diagnostics& diagnostics) {
  const auto largest =
      std::max_element(built.layers.begin(), built.layers.end(),
                       [](const LayerRow& a, const LayerRow& b) { return weight_bytes(a) < weight_bytes(b); });
  const int64_t weights = built.with_heads.params.value() * 4;
  if (weights > limits.weight_bytes && largest != built.layers.end())
    too_large(largest->range,
              fmt::format("the network's weights take {}, {} of them in `{}`", size_in_gb(weights),
                          size_in_gb(weight_bytes(*largest)), largest->path),
              weights, "--max-weights", limits.weight_bytes, diagnostics);
  for (const LayerRow& row : built.layers) {
    const int64_t bytes = row.out.elements().value() * 4;
    if (bytes <= limits.arena_bytes) continue;
    too_large(row.range, fmt::format("the output of `{}` takes {}", row.path, size_in_gb(bytes)), bytes, "--max-arena",
              limits.arena_bytes, diagnostics);
    return;  // those behind it are as large, most often
  }
}

}  // namespace deeper
