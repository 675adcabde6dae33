#include "codegen/ir/graph.h"

namespace deeper {

std::string to_string(const Shape& shape) {
  return std::to_string(shape.height) + "x" + std::to_string(shape.width) + "x" + std::to_string(shape.channels);
}

size_t own_inputs(const Node& node) {
  if (std::holds_alternative<Input>(node.op)) return 0;
  if (std::holds_alternative<Add>(node.op)) return 2;
  if (std::holds_alternative<Concat>(node.op)) return node.inputs.size();
  return 1;
}

std::vector<ConstantUse> constants_of(Node& node, const Shapes& inputs) {
  std::vector<ConstantUse> uses = op_constants(node.op, inputs);
  for (EpilogueSlice& slice : node.epilogues) {
    const std::vector<int64_t> dims{slice.end - slice.begin};
    for (EpilogueOp& op : slice.ops) {
      const bool affine = op.kind == EpilogueOp::Kind::affine;
      if (affine) uses.push_back({&op.scale, dims});
      if (affine || op.kind == EpilogueOp::Kind::bias) uses.push_back({&op.bias, dims});
    }
  }
  return uses;
}

Shapes Graph::input_shapes(const Node& n) const {
  Shapes shapes;
  for (size_t i = 0; i < own_inputs(n); ++i) shapes.push_back(node(n.inputs[i]).shape);
  return shapes;
}

}  // namespace deeper
