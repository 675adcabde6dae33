// What no reader of a weights file can see: numbers that are sound by themselves, but make no sense together.
#pragma once
#include <string_view>
#include <unordered_set>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/diagnostics.h"

namespace deeper {

/// Tells of batch norms with a variance that is negative, or not positive once eps is added; false where there are any.
/// Nothing is said while weights are not bound.
bool check_variances(const Graph& graph, Diagnostics& diagnostics);

/// Tells of constants that a pass made NaN or infinite: the one place that looks at what was computed, after each pass.
class ConstantCheck {
 public:
  /// `diagnostics` null: nothing is looked at.
  ConstantCheck(const Graph& graph, Diagnostics* diagnostics);

  /// Looks at what was not there before; false, with errors, where any is no ordinary number.
  bool sound(std::string_view pass, const Graph& graph);

 private:
  void look_at(std::string_view pass, const Constant& constant);

  Diagnostics* diagnostics_;
  std::vector<std::shared_ptr<const std::vector<float>>> kept_;  ///< so that no address is given twice
  std::unordered_set<const void*> known_;
};

}  // namespace deeper
