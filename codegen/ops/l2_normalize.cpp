#include "codegen/ops/l2_normalize.h"

#include "codegen/ops/layer_lowering.h"

namespace deeper {

Shape output_shape(const L2Normalize&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

NodeId lower(const L2NormalizeLayer& layer, NodeId in, LayerLowering& out) {
  return out.add("l2_normalize", L2Normalize{layer.eps}, {in});
}

}  // namespace deeper
