// Tensors that belong together: weight and bias of one layer, the four vectors of one batch norm; in the words of any
// framework.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/weights/names.h"

namespace deeper {

struct UnitPart {
  std::string_view name;  ///< in the file, or the path
  std::vector<int64_t> dims;
  const WeightBinding* binding = nullptr;  ///< of the network's units
};

struct Unit {
  std::string name;                            ///< what their names have in common
  std::map<std::string_view, UnitPart> parts;  ///< by role: weight, bias, gamma, beta, mean, var, or the file's word
};

/// In the natural order of names (2 before 10). `taken`: names that are paired already.
std::vector<Unit> units_of_file(const FileNames& names, const NetworkSpec& spec, const Graph& graph,
                                const std::set<std::string_view>& taken);

/// In the network's order, as the layout has them.
std::vector<Unit> units_of_network(const Graph& graph, WeightLayout layout,
                                   const std::function<bool(const WeightBinding&)>& taken);

/// Roles and shapes as a text: of all parts, or of the weight or mean alone.
std::string signature(const Unit& unit, bool whole);

}  // namespace deeper
