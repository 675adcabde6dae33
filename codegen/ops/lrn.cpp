#include "codegen/ops/lrn.h"

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ops/layer_lowering.h"
#include "dsl/text.h"

namespace deeper {

Shape output_shape(const Lrn&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

std::string details(const Lrn& op) {
  return fmt::format("size {} alpha {} beta {} k {}", op.size, number_text(op.alpha), number_text(op.beta),
                     number_text(op.k));
}

NodeId lower(const LrnLayer& layer, NodeId in, LayerLowering& out) {
  if (layer.size < 1 || layer.size > max_tensor_elements) {
    out.error(ids::bad_size, "size", fmt::format("`size` is {}: it counts channels, at least 1", layer.size));
    return NodeId::none;
  }
  const double alpha =
      layer.alpha_mode == AlphaMode::per_window ? layer.alpha / static_cast<double>(layer.size) : layer.alpha;
  return out.add("lrn", Lrn{layer.size, alpha, layer.beta, layer.k}, {in});
}

}  // namespace deeper
