#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "codegen/cli/golden_changes.h"
#include "codegen/compile/tensor_record.h"
#include "dsl/text.h"

namespace deeper {
namespace {

/// A tensor now, and what was recorded under its path and under any.
class TensorComparison {
 public:
  TensorComparison(const std::vector<TensorRecord>& now, const std::vector<TensorRecord>& then) {
    for (const TensorRecord& record : now) now_[record.path] = &record;
    for (const TensorRecord& record : then) {
      then_[record.path] = &record;
      paths_[record.hash].push_back(record.path);
    }
  }

  const TensorRecord* recorded(const std::string& path) const {
    const auto found = then_.find(path);
    return found == then_.end() ? nullptr : found->second;
  }

  /// What the tensor holds that another one held; a pair that was exchanged is told once.
  std::string moved(const TensorRecord& now) {
    const auto found = paths_.find(now.hash);
    if (found == paths_.end() || found->second.size() != 1) return "";  // equal ones, as zeros, say nothing
    const std::string& other = found->second[0];
    const auto there = now_.find(other);
    const TensorRecord* then = recorded(now.path);
    if (there == now_.end() || then == nullptr || there->second->hash != then->hash)
      return fmt::format("{} holds what {} held", ticked(now.path), ticked(other));
    exchanged_.insert(other);
    return fmt::format("{} and {} are exchanged", ticked(now.path), ticked(other));
  }
  bool told(const std::string& path) const { return exchanged_.contains(path); }

 private:
  std::map<std::string, const TensorRecord*> now_, then_;
  std::map<std::string, std::vector<std::string>> paths_;  ///< by hash, as recorded
  std::set<std::string> exchanged_;
};

bool near(double a, double b) { return std::fabs(a - b) <= 1e-5 * std::max(std::fabs(a), std::fabs(b)); }

/// "mean 0.1 was 0.2, largest 3 was 4"
std::string figures(const TensorRecord& now, const TensorRecord& then) {
  if (now.mean == then.mean && now.largest == then.largest) return "other values of the same mean and largest value";
  std::string text = fmt::format("mean {} was {}, largest {} was {}", number_text(now.mean), number_text(then.mean),
                                 number_text(now.largest), number_text(then.largest));
  const double factor = then.mean != 0 ? now.mean / then.mean : 0;
  if (now.largest > 0 && then.largest > 0 && near(std::fabs(factor), now.largest / then.largest) &&
      !near(std::fabs(factor), 1))
    text += fmt::format("; as if multiplied by {:.4g}", factor);
  return text;
}

std::string describe(const TensorRecord& now, const TensorRecord& then, const Constant& constant,
                     const WeightBinding& binding) {
  const std::string name = ticked(now.path);
  if (now.dims != then.dims) return fmt::format("{} is {}, was {}", name, now.dims, then.dims);
  if (now.values == then.values) {
    const std::string order = order_text(*constant.values, constant.dims, binding, then.hash);
    return fmt::format("{} changed: the same values in another order{}{}", name, order.empty() ? "" : ": ", order);
  }
  if (now.largest == 0) return fmt::format("{} changed: every value is 0", name);
  return fmt::format("{} changed: {}", name, figures(now, then));
}

}  // namespace

std::vector<Change> tensor_changes(const Graph& graph, const std::vector<TensorRecord>& then,
                                   const LayerPlaces& places) {
  const std::vector<TensorRecord> now = record_tensors(graph);
  TensorComparison comparison(now, then);
  std::vector<Change> changes;
  size_t at = 0;
  for (const WeightBinding& binding : graph.bindings) {
    const Constant& constant = graph.constant(binding.constant);
    if (!constant.values) continue;
    const TensorRecord& record = now[at++];
    const TensorRecord* recorded = comparison.recorded(record.path);
    if (recorded == nullptr || recorded->hash == record.hash || comparison.told(record.path)) continue;
    std::string text = comparison.moved(record);
    if (text.empty()) text = describe(record, *recorded, constant, binding);
    const std::string layer = places.layer_of(record.path);
    changes.push_back({layer, places.of_key(layer, ""), std::move(text)});
  }
  return changes;
}

}  // namespace deeper
