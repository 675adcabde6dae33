// Local response normalisation across channels (Krizhevsky 2012, section 3.3): y = x * (k + alpha * sum x^2) ^ -beta.
// The sum runs over those of the `size` channels from c - channels_before on that exist. `alpha` is the spec's number;
// `factor` is the alpha of the formula.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Lrn {
  static constexpr std::string_view name = "lrn";
  int64_t size = 5;
  double alpha = 1e-4, beta = 0.75, k = 1;
  AlphaMode alpha_mode = AlphaMode::per_window;
  LrnWindow window = LrnWindow::onnx;
  friend bool operator==(const Lrn&, const Lrn&) = default;
};

/// What the sum of squares is multiplied by: alpha, divided by size unless it is said per element.
double factor(const Lrn& op);
/// How many channels of the window come before the one that is normalised.
int64_t channels_before(const Lrn& op);
Shape output_shape(const Lrn& op, const Shapes& inputs);
std::string details(const Lrn& op);

}  // namespace deeper
