#include "codegen/passes/check_constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/ir/diagnostic_ids.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// "[3, 0, 1, 7]" of a flat index; "3" of a vector's.
std::string place_text(size_t flat, const std::vector<int64_t>& dims) {
  std::string text;
  for (size_t d = dims.size(); d-- > 0;) {
    const auto size = static_cast<size_t>(dims[d]);
    text.insert(0, std::to_string(flat % size) + (text.empty() ? "" : ", "));
    flat /= size;
  }
  return dims.size() == 1 ? text : "[" + text + "]";
}

bool is_convolution(const std::vector<int64_t>& dims) { return dims.size() == 4; }

/// The first element that `wrong` holds for, and how many there are.
struct Wrong {
  size_t first = 0, count = 0;
};

template <class Test>
Wrong find_wrong(const std::vector<float>& values, Test wrong) {
  Wrong found;
  for (size_t i = 0; i < values.size(); ++i)
    if (wrong(values[i]) && found.count++ == 0) found.first = i;
  return found;
}

std::string and_more(const Wrong& wrong) {
  return wrong.count == 1 ? std::string() : fmt::format(" ({} elements are)", wrong.count);
}

std::string help_for(float variance, const Constant& mean) {
  if (variance >= 0) return "a larger `eps`, or the variance that was trained";
  const bool could_be_variance =
      mean.values && std::all_of(mean.values->begin(), mean.values->end(), [](float v) { return v >= 0; });
  const std::string fact = could_be_variance ? fmt::format(", and {} is nowhere negative", ticked(mean.path)) : "";
  return fmt::format("a variance is never negative{}: mean and variance were probably exchanged", fact);
}

Wrong wrong_variances(const Graph& graph, const BatchNorm& norm) {
  const auto& var = graph.constant(norm.var).values;
  return var ? find_wrong(*var, [&](float v) { return v < 0 || !(double{v} + norm.eps > 0); }) : Wrong{};
}

void tell_variance(const Graph& graph, const BatchNorm& norm, const Wrong& wrong, Diagnostics& diagnostics) {
  const Constant& var = graph.constant(norm.var);
  const float value = (*var.values)[wrong.first];
  const std::string sum =
      double{value} + norm.eps > 0 ? "" : fmt::format(", with eps {} not positive", number_text(norm.eps));
  diagnostics
      .error(ids::weight_variance, var.range,
             fmt::format("{} is {} at element {}{}{}", ticked(var.path), value, wrong.first, sum, and_more(wrong)))
      .help = help_for(value, graph.constant(norm.mean));
}

}  // namespace

bool check_variances(const Graph& graph, Diagnostics& diagnostics) {
  constexpr int most = 8;  // exchanged names are exchanged everywhere: the same once more says nothing
  int norms = 0;
  for (const Node& node : graph.nodes) {
    const auto* norm = std::get_if<BatchNorm>(&node.op);
    const Wrong wrong = norm ? wrong_variances(graph, *norm) : Wrong{};
    if (wrong.count > 0 && norms++ < most) tell_variance(graph, *norm, wrong, diagnostics);
  }
  if (norms > most)
    diagnostics.error(ids::weight_variance, {}, fmt::format("{} more batch norms have such a variance", norms - most));
  return norms == 0;
}

ConstantCheck::ConstantCheck(const Graph& graph, Diagnostics* diagnostics) : diagnostics_(diagnostics) {
  for (const Constant& constant : graph.constants) known_.insert(constant.values.get());  // the reader looked at them
  for (const Constant& constant : graph.constants) kept_.push_back(constant.values);
}

bool ConstantCheck::sound(std::string_view pass, const Graph& graph) {
  if (!diagnostics_) return true;
  const int before = diagnostics_->error_count();
  for (const Constant& constant : graph.constants) {
    if (!constant.values || !known_.insert(constant.values.get()).second) continue;
    kept_.push_back(constant.values);
    look_at(pass, constant);
  }
  return diagnostics_->error_count() == before;
}

void ConstantCheck::look_at(std::string_view pass, const Constant& constant) {
  const Wrong wrong = find_wrong(*constant.values, [](float v) { return !std::isfinite(v); });
  if (wrong.count == 0) return;
  const std::string what = constant.origin.empty() ? ticked(constant.path) : constant.origin;
  const std::string axes = is_convolution(constant.dims) ? " (out, row, column, in)" : "";
  const float value = (*constant.values)[wrong.first];
  const std::string seen = std::isnan(value) ? "NaN" : fmt::format("{}", value);
  diagnostics_
      ->error(ids::weight_overflow, constant.range,
              fmt::format("{} is {} at element {}{}{}", what, seen, place_text(wrong.first, constant.dims), axes,
                          and_more(wrong)))
      .help = fmt::format("{} computes it when the network is built: a 32-bit float holds at most 3.4e38", pass);
}

}  // namespace deeper
