// The network as a list of operations in an order that can be run. Passes rewrite it; nothing else does.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codegen/ir/ids.h"
#include "codegen/ir/size.h"
#include "codegen/ops/op.h"
#include "dsl/spec.h"

namespace deeper {

/// A trained tensor or one computed from such. `values` is null until weights are bound: structure, schedule and source
/// never depend on values.
struct Constant {
  std::string path;           ///< "inception_3a/1x1/weight"; made up for computed ones
  std::vector<int64_t> dims;  ///< as the op that uses it says
  Range range;                ///< the layer it belongs to
  bool trainable = true;      ///< counts as a parameter (moving statistics do not)
  std::shared_ptr<const std::vector<float>> values;
  /// Of a computed one, for messages: "`c/weight` times `c/bn/gamma` / sqrt(`c/bn/var` + 0.001)".
  std::string origin = {};
};

/// How a constant of the graph is found in the weights file: the name, and the order its dims have there.
enum class WeightKind { conv, depthwise, dense, vector };
struct WeightBinding {
  ConstantId constant{};
  WeightKind kind = WeightKind::vector;
  std::string path;  ///< before `rename`
  /// dense on a map larger than 1x1: the file's columns are in this order; the constant's are (y, x, channel).
  std::optional<FlattenOrder> flatten;
  Shape input;  ///< of the dense layer
};

/// The channels [begin, end) of a node's output and what is applied to them. Constants of `ops` have end - begin
/// elements.
struct EpilogueSlice {
  int64_t begin = 0, end = 0;
  Epilogue ops;
};

struct Node {
  Op op;
  std::vector<NodeId> inputs;  ///< all before this node; epilogue operands follow the op's own
  Shape shape;                 ///< of the output
  std::string path;            ///< of the layer it came from; unique among nodes whose `visible` is set
  bool visible =
      true;  ///< its output is the layer's output (false: an inner stage, such as a convolution before its norm)
  Range range;
  std::vector<EpilogueSlice>
      epilogues;  ///< cover all channels in order when not empty; conv, pool, affine and add only
  std::vector<std::string>
      fused;  ///< layers folded into this node whose own values no longer exist, itself not included
  std::vector<std::string>
      shares;  ///< later layers, as a norm behind a concat, whose work on these channels it does as well
  std::vector<std::string>
      aliases;  ///< further layers whose value is exactly this node's output (dropout, a block's last layer)
};

/// How many of the node's inputs are the op's own; the rest are operands of its epilogue.
size_t own_inputs(const Node& node);
/// Every constant that the op and its epilogues refer to, with the dims that it must have there; pointers into `node`.
/// `inputs` are the shapes of the op's own inputs.
std::vector<ConstantUse> constants_of(Node& node, const Shapes& inputs);

struct GraphHead {
  std::string name;
  NodeId output{};
  NodeId logits = NodeId::none;  ///< what enters the last softmax, none when the head does not end in one
  std::string labels;
  int64_t topk = 5;
  Range range;
  Range labels_range = {};
};

struct Graph {
  std::string name;
  std::vector<Node> nodes;  ///< nodes[0] is the Input
  std::vector<Constant> constants;
  std::vector<WeightBinding> bindings;
  std::vector<GraphHead> heads;

  const Node& node(NodeId id) const { return nodes[static_cast<size_t>(index(id))]; }
  Node& node(NodeId id) { return nodes[static_cast<size_t>(index(id))]; }
  /// Shapes of the op's own inputs.
  Shapes input_shapes(const Node& n) const;
  const Constant& constant(ConstantId id) const { return constants[static_cast<size_t>(index(id))]; }
};

}  // namespace deeper
