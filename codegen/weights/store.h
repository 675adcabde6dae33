// Tensors by name, from a file of a stranger or from a seed.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/diagnostics.h"
#include "dsl/spec.h"

namespace deeper {

struct StoredTensor {
  std::vector<int64_t> dims;
  std::vector<float> values;
};

struct WeightStore {
  std::string file;  ///< as the user named it
  std::map<std::string, StoredTensor> tensors;
  std::string hash;  ///< SHA-256 of the file's bytes, or "random:SEED"
};

/// safetensors (F32, F16, BF16 and F64 are converted to float). All mistakes of the file at once.
WeightStore read_safetensors(const std::string& path, Diagnostics& diagnostics);

/// The same for a file's bytes; `file` is what messages call it. 100 MB of header at most; the offsets must tile the
/// data exactly.
WeightStore parse_safetensors(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// Fills graph.constants from the store by path and `rename`. Missing, extra, wrongly shaped and non-finite tensors are
/// all reported in one go, with the nearest candidate. Subnormal weights become zero (some machines are very slow with
/// them). Goes before `optimize`, which computes from values. Tensors of optional heads that were not built are not
/// extra.
void bind_weights(Graph& graph, const NetworkSpec& spec, const WeightStore& store, Diagnostics& diagnostics);

/// `random:SEED`: He-scaled weights, bias/mean/beta within +-0.1, var/gamma in 0.9..1.1; each drawn from (seed, path,
/// index).
void bind_random(Graph& graph, uint64_t seed);

/// The bound constants as a safetensors file's bytes, in the spec's layout and under the names of the file (before
/// rename: the paths). For tests and for oracles.
std::string write_safetensors(const Graph& graph, const NetworkSpec& spec);

}  // namespace deeper
