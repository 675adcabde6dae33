// The slow oracle: every op from its definition, in double precision, naively. Runs a graph before or after any pass.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "codegen/ir/graph.h"

namespace deeper::reference {

struct Tensor {
  Shape shape;
  std::vector<double> values;  ///< [height][width][channels]
};

struct Result {
  std::vector<Tensor> nodes;          ///< one per node
  std::vector<Tensor> magnitude;      ///< one per node: running bound of sum |a*b| behind each value, for error bounds
};

Result run(const Graph& graph, const Tensor& input);

}  // namespace deeper::reference
