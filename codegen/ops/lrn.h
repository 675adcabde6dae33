// Local response normalisation across channels (Krizhevsky 2012, section 3.3): y = x * (k + alpha * sum x^2) ^ -beta.
// The sum runs over channels c - (size-1)/2 .. c + size/2 that exist. `alpha` is already divided by size where the spec
// says so.
#pragma once
#include <string_view>

#include "codegen/ops/common.h"

namespace deeper {

struct Lrn {
  static constexpr std::string_view name = "lrn";
  int64_t size = 5;
  double alpha = 2e-5, beta = 0.75, k = 1;
  friend bool operator==(const Lrn&, const Lrn&) = default;
};

Shape output_shape(const Lrn& op, const Shapes& inputs);
std::string details(const Lrn& op);

}  // namespace deeper
