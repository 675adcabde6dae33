// What turning one layer into nodes may use: the graph so far, its place, and somewhere to complain.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/diagnostics.h"
#include "dsl/spec.h"

namespace deeper {

/// One activation or one trained tensor may not be larger: offsets inside it must fit 32 bits with room to spare.
constexpr int64_t max_tensor_elements = int64_t{1} << 31;

/// A part of a layer that `deeper check` shows in a row of its own (a separable convolution has two).
struct LayerPart {
  std::string name;     ///< "depthwise"; empty for the layer itself
  std::string details;  ///< "3x3/2 pad 1, relu"
  Shape out;
  Cost cost;
};

/// Every function takes NodeId::none for "already in doubt" and passes it on in silence.
class LayerLowering {
 public:
  LayerLowering(Graph& graph, Diagnostics& diagnostics, const Layer& layer)
      : graph_(graph), diagnostics_(diagnostics), layer_(layer) {}

  const Layer& layer() const { return layer_; }
  const Shape& shape(NodeId id) const { return graph_.node(id).shape; }
  /// Adds a node named path/stage, not visible yet; none and an error when its output is too large.
  NodeId add(std::string_view stage, Op op, std::vector<NodeId> inputs);
  /// Adds a trained tensor called path/name; none and an error when it is too large.
  ConstantId constant(std::string_view name, std::vector<int64_t> dims, WeightKind kind, bool trainable = true);
  /// The binding of the constant added last.
  WeightBinding& binding() { return graph_.bindings.back(); }
  void count_multiply_adds(Size macs) { part_.cost.macs += macs; }
  /// Closes a row of `check`: what was added since the last one, with `out` as its output, which is visible under the
  /// part's name where it has one.
  void part(std::string_view name, NodeId out);
  /// A complaint at the value of a key, or at the layer where the key is not written.
  Diagnostic& error(std::string_view id, std::string_view key, std::string message) {
    return diagnostics_.error(id, layer_.place(key), std::move(message));
  }

  /// Whether this layer added the node itself (else it is a value that existed before).
  bool owns(NodeId id) const;
  /// The rows closed so far.
  const std::vector<LayerPart>& parts() const { return parts_; }
  /// What was counted since the last closed row.
  const LayerPart& open_part() const { return part_; }

 private:
  void describe(const Op& op);

  Graph& graph_;
  Diagnostics& diagnostics_;
  const Layer& layer_;
  std::vector<NodeId> added_;
  std::vector<LayerPart> parts_;
  LayerPart part_;
};

/// Pads resolved to pixels and the output's map; an error that names what would fit, and nothing, when the window does
/// not suit.
struct WindowSpec {
  Size2 kernel, stride, dilation;
  Pad pad;
  Rounding rounding = Rounding::floor;
};
std::optional<Window> resolve_window(const WindowSpec& spec, const Shape& in, LayerLowering& out);

/// One convolution of a layer. `part` is "" or "depthwise" or "pointwise": the folder of its weights' names.
struct ConvolutionSpec {
  WindowSpec window;
  int64_t out = 0;
  int64_t groups = 1;
  bool bias = true;
  bool dense = false;
  std::optional<FlattenOrder> flatten;
  std::string part;
};
NodeId lower_convolution(const ConvolutionSpec& spec, NodeId in, LayerLowering& out);
/// Weights are path/part/bn/{gamma,beta,mean,var}; nothing happens without a norm.
NodeId lower_batch_norm(const std::optional<BatchNormSpec>& norm, const std::string& folder, NodeId in,
                        LayerLowering& out);
/// `none` adds nothing; softmax adds a Softmax.
NodeId lower_activation(const ActivationSpec& activation, std::string_view stage, NodeId in, LayerLowering& out);

// One function a layer word, in the file of its op; NodeId::none after an error.
NodeId lower(const ConvLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const SeparableConvLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const DenseLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const PoolLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const GlobalPoolLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const LrnLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const BatchNormLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const ActivationLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const SoftmaxLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const DropoutLayer& layer, NodeId in, LayerLowering& out);
NodeId lower(const L2NormalizeLayer& layer, NodeId in, LayerLowering& out);

}  // namespace deeper
