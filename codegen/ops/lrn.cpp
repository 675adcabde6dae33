#include "codegen/ops/lrn.h"

#include <fmt/format.h>

#include "codegen/ir/diagnostic_ids.h"
#include "codegen/ops/layer_lowering.h"
#include "dsl/text.h"

namespace deeper {

double factor(const Lrn& op) {
  return op.alpha_mode == AlphaMode::per_window ? op.alpha / static_cast<double>(op.size) : op.alpha;
}

Shape output_shape(const Lrn&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

int64_t channels_before(const Lrn& op) { return op.window == LrnWindow::pytorch ? op.size / 2 : (op.size - 1) / 2; }

std::string details(const Lrn& op) {
  return fmt::format("size {}{} alpha {}{} beta {} k {}", op.size,
                     op.size % 2 == 0 && op.window == LrnWindow::pytorch ? " pytorch's window" : "",
                     number_text(op.alpha), op.alpha_mode == AlphaMode::per_element ? " per element" : "",
                     number_text(op.beta), number_text(op.k));
}

NodeId lower(const LrnLayer& layer, NodeId in, LayerLowering& out) {
  if (layer.size < 1 || layer.size > max_tensor_elements) {
    out.error(ids::bad_size, "size", fmt::format("`size` is {}: it counts channels, at least 1", layer.size));
    return NodeId::none;
  }
  if (static_cast<float>(layer.k) == 0 && static_cast<float>(layer.alpha) == 0) {
    out.error(ids::bad_size, "k", "`k` and `alpha` are both 0: every value would be divided by 0");
    return NodeId::none;
  }
  return out.add("lrn", Lrn{layer.size, layer.alpha, layer.beta, layer.k, layer.alpha_mode, layer.window}, {in});
}

}  // namespace deeper
