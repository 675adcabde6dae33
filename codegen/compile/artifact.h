// The whole way: a spec and its weights -> a folder. `build`, `run`, `golden` and `bench` are thin over this.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/compile/compile.h"
#include "codegen/ir/check.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "codegen/weights/store.h"

namespace deeper {

struct ArtifactOptions {
  ParseOptions parse;
  BuildOptions build;
  PassOptions passes;
  std::string weights;              ///< file or "random:SEED"
  std::vector<std::string> labels;  ///< "[HEAD=]FILE"
  const Target* target = nullptr;
  int threads_max = 64;
  bool embed = false;
  /// The folder is for our own use: one that is there already stays, since its program may be running; no goldens.
  bool for_cache = false;
  bool shows_classes = false;          ///< people will read the names of classes: a note where there are none
  bool compile = true;                 ///< false: sources and weights only
  const CacheFolder* cache = nullptr;  ///< where the runtime's objects are found and kept; null: compiled each time
  std::function<void(std::string_view stage, double part)> progress;  ///< part in 0..1; may be empty
};

/// Everything between spec and sources, kept for `explain`, `dump` and tests.
struct Lowered {
  Checked checked;
  Graph graph;  ///< optimized, weights bound
  Schedule schedule;
  std::string weights_hash;
};

/// Weights are bound where `options.weights` names some; structure, schedule and source do not depend on them.
Lowered lower(Checked checked, const ArtifactOptions& options, const Sources& sources, Diagnostics& diagnostics);
/// The same from the file on.
Lowered lower(const std::string& spec, const ArtifactOptions& options, Sources& sources, Diagnostics& diagnostics);

/// The network's trained tensors as these weights give them, before any pass.
Graph bound_graph(const Checked& checked, const std::string& weights, Diagnostics& diagnostics);

/// The hash that stands for these weights: of the file's bytes, or "random:SEED" itself. Empty and a diagnostic when
/// unreadable.
std::string hash_of_weights(const std::string& weights, Diagnostics& diagnostics);

/// NAME.weights (runtime/blob.h): packed weights, labels and goldens.
std::string weights_file(const Lowered& lowered, const ArtifactOptions& options, Diagnostics& diagnostics);

/// Builds into a temporary folder beside `folder` and swaps it in whole. A folder that holds files that are not ours is
/// refused. Without bound weights there will be no NAME.weights.
void write_artifact(const Lowered& lowered, const ArtifactOptions& options, const std::string& folder,
                    Diagnostics& diagnostics);

}  // namespace deeper
