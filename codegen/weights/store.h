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
  std::string unread;  ///< the file's word for a type that is no kind of float: then there are no values
};

struct WeightStore {
  std::string file;  ///< as the user named it
  std::map<std::string, StoredTensor> tensors;
  std::string hash;  ///< SHA-256 of the file's bytes, or "random:SEED"
};

/// Beyond these no network of the language has weights, and a header takes time.
inline constexpr int64_t most_header_bytes = 25'000'000;
inline constexpr size_t most_tensors = 100'000;

/// safetensors (F32, F16, BF16 and F64 are converted to float; of other types only name and shape are kept). All
/// mistakes of the file at once.
WeightStore read_safetensors(const std::string& path, Diagnostics& diagnostics);

/// The same for a file's bytes; `file` is what messages call it. The offsets must tile the data exactly.
WeightStore parse_safetensors(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// Fills graph.constants from the store by path, `rename` and `ignore`. Missing, extra, wrongly shaped and non-finite
/// tensors are all reported in one go, many of a kind as one, with the nearest candidate of the same shape. Subnormal
/// weights become zero (some machines are very slow with them). Goes before `optimize`, which computes from values.
/// Tensors of optional heads that were not built, and of types that are not read, are not extra.
void bind_weights(Graph& graph, const NetworkSpec& spec, const WeightStore& store, Diagnostics& diagnostics);

/// `random:SEED`: He-scaled weights, bias/mean/beta within +-0.1, var/gamma in 0.9..1.1; each drawn from (seed, path,
/// index).
void bind_random(Graph& graph, uint64_t seed);

/// The bound constants as a safetensors file's bytes, in the spec's layout and under the names of the file (before
/// rename: the paths). For tests and for oracles.
std::string write_safetensors(const Graph& graph, const NetworkSpec& spec);

}  // namespace deeper
