#include "codegen/ops/affine.h"

namespace deeper {

Shape output_shape(const Affine&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

std::vector<ConstantUse> constant_uses(Affine& op, const Shapes& inputs) {
  return {{&op.scale, {inputs[0].channels}}, {&op.bias, {inputs[0].channels}}};
}

}  // namespace deeper
