// Random single layers, as YAML for us and as JSON for torch_ops.py.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "codegen/ir/size.h"

namespace deeper {

struct TorchCase {
  std::string name;
  std::string op;  ///< of torch_ops.py
  nlohmann::json attributes;
  Shape input;
  std::string layer;  ///< YAML, with id `it`
  /// Names that torch_ops.py gives to inputs other than x, and where ours come from: a weight's path, or a layer's path
  /// whose value it is.
  std::vector<std::pair<std::string, std::string>> weights, values;
  bool reads_x = true;  ///< add and concat read `values` only
};

/// `each` cases of every kind.
std::vector<TorchCase> torch_cases(uint64_t seed, int each);

}  // namespace deeper
