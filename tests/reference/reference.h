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

/// Beside each value, how far a float32 evaluation of the same graph may be from it, to first order in eps = 2^-24 (the
/// unit roundoff) and for exact float inputs and constants: |float - value| <= N * eps * M, with the magnitude M and
/// the terms N. M is what the same network gives on absolute values (a convolution's sum |w||x|, with M of its input
/// for |x|; where a function is not linear, its steepest slope); N counts the roundings on the longest way from the
/// input. A certain bound, tight for one layer; it grows with every layer, as cancellation is lost.
struct Result {
  std::vector<Tensor> nodes;      ///< one per node
  std::vector<Tensor> magnitude;  ///< one per node: running bound of sum |a*b| behind each value, for error bounds
  std::vector<double> terms;      ///< one per node

  /// The certain bound of one value.
  double bound(NodeId node, size_t element) const;
};

Result run(const Graph& graph, const Tensor& input);

/// One node alone, on given values of its inputs (epilogue operands too, in the node's order): what a program's step
/// must give from what the program's steps before it gave. The result's vectors have one element, at NodeId{0}.
Result run_node(const Graph& graph, NodeId id, const std::vector<Tensor>& inputs);

}  // namespace deeper::reference
