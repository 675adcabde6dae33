// What a goldens file keeps of arrays and tensors: enough to tell that they changed, and some of how.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codegen/compile/golden_file.h"
#include "codegen/ir/graph.h"

namespace deeper {

/// Mean and largest magnitude, 7 digits: what two machines' summation in double never disputes, and what a float holds.
struct Summary {
  double mean = 0, largest = 0, probe = 0;  ///< `probe`: see GoldenStep
};
Summary summarize(std::span<const float> values);

/// First 16 hex digits of the SHA-256 of the values.
std::string short_hash(std::span<const float> values);
/// 16 hex digits that are the same for the same values in any order.
std::string unordered_hash(std::span<const float> values);

/// "28x28x256"
std::string shape_text(std::span<const int64_t> dims);

/// One record per binding of a graph whose weights are bound, in the graph's order.
std::vector<TensorRecord> record_tensors(const Graph& graph);

}  // namespace deeper
