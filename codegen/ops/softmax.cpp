#include "codegen/ops/softmax.h"

#include "codegen/ops/layer_lowering.h"

namespace deeper {

Shape output_shape(const Softmax&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

NodeId lower(const SoftmaxLayer&, NodeId in, LayerLowering& out) { return out.add("softmax", Softmax{}, {in}); }

}  // namespace deeper
