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
  std::string name;                 ///< of files, program and C functions; empty = the network's
  const Target* target = nullptr;
  int threads_max = 64;
  bool embed = false;
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

/// A file, or "random:SEED", which then is the store's hash. The file is read once: what is bound has this hash.
WeightStore read_weights(const std::string& weights, Diagnostics& diagnostics);
/// The same with weights that were read before; an empty hash: none are bound.
Lowered lower(Checked checked, const ArtifactOptions& options, const WeightStore& weights, const Sources& sources,
              Diagnostics& diagnostics);
/// The network's trained tensors as these weights give them, before any pass.
Graph bound_graph(const Checked& checked, const WeightStore& weights, Diagnostics& diagnostics);

/// NAME.weights (runtime/blob.h): packed weights, one list of labels a head, and goldens.
std::string weights_file(const Lowered& lowered, const std::vector<std::vector<std::string>>& labels,
                         const std::string& goldens);

/// Builds into a temporary folder beside `folder` and swaps it in whole. A folder that holds files that are not ours is
/// refused. Without bound weights there will be no NAME.weights.
void write_artifact(const Lowered& lowered, const ArtifactOptions& options, const std::string& folder,
                    Diagnostics& diagnostics);

}  // namespace deeper
