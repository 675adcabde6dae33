#include "codegen/ops/batch_norm.h"

#include "codegen/ops/layer_lowering.h"

namespace deeper {

Shape output_shape(const BatchNorm&, const Shapes& inputs) { return inputs.size() == 1 ? inputs[0] : Shape{}; }

std::vector<ConstantUse> constant_uses(BatchNorm& op, const Shapes& inputs) {
  const std::vector<int64_t> dims{inputs[0].channels};
  std::vector<ConstantUse> uses{{&op.beta, dims}, {&op.mean, dims}, {&op.var, dims}};
  if (op.gamma != ConstantId::none) uses.insert(uses.begin(), {&op.gamma, dims});
  return uses;
}

NodeId lower_batch_norm(const std::optional<BatchNormSpec>& norm, const std::string& folder, NodeId in,
                        LayerLowering& out) {
  if (!norm || in == NodeId::none) return in;
  const std::vector<int64_t> dims{out.shape(in).channels};
  const std::string prefix = folder.empty() ? "" : folder + "/";
  BatchNorm op;
  op.eps = norm->eps;
  if (norm->gamma) op.gamma = out.constant(prefix + "gamma", dims, WeightKind::vector);
  op.beta = out.constant(prefix + "beta", dims, WeightKind::vector);
  op.mean = out.constant(prefix + "mean", dims, WeightKind::vector, false);
  op.var = out.constant(prefix + "var", dims, WeightKind::vector, false);
  return out.add(folder.empty() ? "bn" : folder, op, {in});
}

/// The layer is the norm itself: its weights are path/gamma and so on.
NodeId lower(const BatchNormLayer& layer, NodeId in, LayerLowering& out) {
  return lower_batch_norm(layer.norm, "", in, out);
}

}  // namespace deeper
