// NetworkSpec -> Graph: shapes, pads, heads, `expect`.
#pragma once
#include <string>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/diagnostics.h"
#include "dsl/spec.h"

namespace deeper {

/// What a network may ask for, in bytes (--max-weights, --max-arena).
struct SizeLimits {
  int64_t weight_bytes = 4'000'000'000;
  int64_t arena_bytes = 4'000'000'000;
};

struct BuildOptions {
  std::vector<std::string> heads;  ///< optional heads to build as well (--head)
  SizeLimits limits = {};
};

/// One row of `deeper check`: a layer as its author wrote it.
struct LayerRow {
  std::string path;
  std::string op;       ///< the layer's word, or concat, add
  std::string details;  ///< "7x7/2 pad 3, relu"
  Shape out;
  Cost cost;
  Range range;
};

/// A number of an `expect`, and what the network really has. A block's comes once for each use.
struct ExpectedNumber {
  Expect::Place place;
  int64_t written = 0, real = 0;
};

struct BuildResult {
  Graph graph;
  std::vector<LayerRow> layers;          ///< those of optional heads last
  Cost total;                            ///< without optional heads
  Cost with_heads;                       ///< with those that were built
  std::vector<ExpectedNumber> expected;  ///< whether it holds or not
  size_t total_layers = 0;               ///< that many rows, from the first, are in the total
};

/// Finds every mistake that needs shapes. A layer whose input is in doubt is skipped silently.
BuildResult build(const NetworkSpec& spec, const BuildOptions& options, const Sources& sources,
                  Diagnostics& diagnostics);

}  // namespace deeper
