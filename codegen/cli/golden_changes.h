// What is not as it was when the goldens were recorded: the network's settings, its tensors.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/cli/golden_places.h"
#include "codegen/compile/golden_file.h"
#include "codegen/ir/graph.h"

namespace deeper {

struct Change {
  std::string layer;  ///< "inception_3a/1x1"; "input", "weights" or a head's name where it is no layer's
  Range range;
  std::string text;  ///< "dilation is [1, 1], was [3, 3]"; "`conv2/weight` changed: the same values in another order"
};

/// The text of a layer that is new.
inline constexpr std::string_view was_not_there = "was not there";

/// Layers and keys of two texts of `print_identity`, in the order of `now`. Empty where they say the same.
std::vector<Change> spec_changes(const std::string& now, const std::string& then, const LayerPlaces& places);

/// Tensors that are not as recorded, in the graph's order. `graph` has its weights bound.
std::vector<Change> tensor_changes(const Graph& graph, const std::vector<TensorRecord>& then,
                                   const LayerPlaces& places);

/// "its kernels are turned by 180 degrees": in which order the values of a binding's tensor hash to `then`; empty where
/// none was found. `dims` are the tensor's own: [out, height, width, in], or the channels.
std::string order_text(std::span<const float> values, const std::vector<int64_t>& dims, const WeightBinding& binding,
                       std::string_view then);

}  // namespace deeper
