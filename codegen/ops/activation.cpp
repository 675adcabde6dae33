#include "codegen/ops/activation.h"

#include "codegen/ops/layer_lowering.h"

namespace deeper {

Shape output_shape(const Activation&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

std::string details(const Activation& op) { return details(op.spec); }

NodeId lower_activation(const ActivationSpec& activation, std::string_view stage, NodeId in, LayerLowering& out) {
  if (activation.kind == ActivationKind::none || in == NodeId::none) return in;
  if (activation.kind == ActivationKind::softmax) return out.add(stage, Softmax{}, {in});
  return out.add(stage, Activation{activation}, {in});
}

NodeId lower(const ActivationLayer& layer, NodeId in, LayerLowering& out) {
  return lower_activation(layer.activation, "activation", in, out);
}

}  // namespace deeper
