#include "codegen/ops/concat.h"

namespace deeper {

Shape output_shape(const Concat&, const Shapes& inputs) {
  if (inputs.empty()) return {};
  Shape out = inputs[0];
  Size channels = 0;
  for (const Shape& in : inputs) {
    if (in.height != out.height || in.width != out.width) return {};
    channels += in.channels;
  }
  if (!channels.ok()) return {};
  out.channels = channels.value();
  return out;
}

std::string details(const Concat& op) { return op.elided ? "elided" : ""; }

}  // namespace deeper
