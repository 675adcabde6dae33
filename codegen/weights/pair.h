// Which tensor of a file is which weight of the network, where names do not say it: by shape, by name, by the place
// among layers that are known, at last by order.
#pragma once
#include <string_view>
#include <vector>

#include "codegen/weights/names.h"

namespace deeper {

enum class PairedBy {
  name,   ///< the spec's own rules lead to it
  shape,  ///< the only one of its shape, on both sides
  words,  ///< the same letters and digits
  place,  ///< beside layers that are paired already
  order,  ///< one of several of a shape, in the order of names and layers: a guess
};

struct Pair {
  const WeightBinding* wanted = nullptr;
  std::string_view name;  ///< in the file
  PairedBy by = PairedBy::name;
};

struct Pairing {
  WeightLayout layout = WeightLayout::oihw;  ///< the one that most shapes fit, the spec's if it is as good
  std::vector<Pair> pairs;                   ///< in the network's order
  std::vector<const WeightBinding*> missing;
  std::vector<std::string_view> left_over;  ///< names, without those of types that are not read
  /// Name and path of what belongs to optional heads that are not built.
  std::vector<std::pair<std::string_view, std::string_view>> of_other_heads;
};

/// All views point into the arguments.
Pairing pair_weights(const Graph& graph, const NetworkSpec& spec, const WeightStore& store, const FileNames& names);

std::string_view word_of(PairedBy by);

}  // namespace deeper
