// Which line of the YAML a step, a tensor or a setting belongs to.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/spec.h"

namespace deeper {

class LayerPlaces {
 public:
  explicit LayerPlaces(const NetworkSpec& spec);

  /// The layer that a step, a part of a layer or a tensor belongs to: "sep1" for "sep1/depthwise/weight"; "input"
  /// itself; empty where there is none.
  std::string layer_of(std::string_view path) const;
  /// All layers of a step with a joint name: {"a", "b"} for "a+b/pre".
  std::vector<std::string> layers_of_step(std::string_view path) const;

  /// Of a step; of a joint one the first layer's; the network's name where there is no better place. A residual's sum
  /// is where the residual is written.
  Range of_step(std::string_view path) const;
  /// Where a layer's key is written, else the layer; keys of `input` and `weights` too.
  Range of_key(const std::string& layer, std::string_view key) const;

 private:
  void add(const std::vector<Layer>& layers);

  const NetworkSpec& spec_;
  std::map<std::string, const Layer*, std::less<>> layers_;
  std::map<std::string, Range, std::less<>> heads_;
};

}  // namespace deeper
