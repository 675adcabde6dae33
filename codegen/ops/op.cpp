#include "codegen/ops/op.h"

namespace deeper {

Shape op_shape(const Op& op, const Shapes& inputs) {
  return std::visit([&](const auto& o) { return output_shape(o, inputs); }, op);
}

std::string_view op_word(const Op& op) {
  const auto* conv = std::get_if<Conv2d>(&op);
  if (conv && conv->dense) return "dense";
  return std::visit([](const auto& o) { return std::string_view(o.name); }, op);
}

std::string op_details(const Op& op) {
  return std::visit(
      [](const auto& o) -> std::string {
        if constexpr (requires { details(o); }) return details(o);
        return "";
      },
      op);
}

std::vector<ConstantUse> op_constants(Op& op, const Shapes& inputs) {
  return std::visit(
      [&](auto& o) -> std::vector<ConstantUse> {
        if constexpr (requires { constant_uses(o, inputs); }) return constant_uses(o, inputs);
        return {};
      },
      op);
}

}  // namespace deeper
