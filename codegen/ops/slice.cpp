#include "codegen/ops/slice.h"

namespace deeper {

Shape output_shape(const Slice& op, const Shapes& inputs) {
  if (inputs.size() != 1 || op.begin < 0 || op.begin >= op.end || op.end > inputs[0].channels) return {};
  return {inputs[0].height, inputs[0].width, op.end - op.begin};
}

std::string details(const Slice& op) { return std::to_string(op.begin) + ".." + std::to_string(op.end); }

}  // namespace deeper
