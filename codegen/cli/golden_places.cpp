#include "codegen/cli/golden_places.h"

namespace deeper {

LayerPlaces::LayerPlaces(const NetworkSpec& spec) : spec_(spec) {
  add(spec.layers);
  for (const Head& head : spec.heads) {
    heads_[head.name] = head.range;
    add(head.layers);
  }
}

void LayerPlaces::add(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) {
    layers_[layer.path] = &layer;
    if (const auto* branches = std::get_if<Branches>(&layer.body))
      for (const Branch& branch : branches->branches) add(branch.layers);
    if (const auto& residual = layer.residual) add(residual->shortcut);
  }
}

std::string LayerPlaces::layer_of(std::string_view path) const {
  for (std::string_view rest = path; !rest.empty();) {
    if (rest == "input" || layers_.contains(rest)) return std::string(rest);
    const size_t slash = rest.rfind('/');
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash);
  }
  return "";
}

std::vector<std::string> LayerPlaces::layers_of_step(std::string_view path) const {
  std::vector<std::string> layers;
  while (!path.empty()) {
    const size_t plus = path.find('+');
    if (std::string layer = layer_of(path.substr(0, plus)); !layer.empty()) layers.push_back(std::move(layer));
    path = plus == std::string_view::npos ? std::string_view() : path.substr(plus + 1);
  }
  return layers;
}

Range LayerPlaces::of_step(std::string_view path) const {
  const std::vector<std::string> layers = layers_of_step(path);
  if (layers.empty()) return spec_.name_range;
  if (layers[0] == "input") return of_key("input", "");
  const Layer& layer = *layers_.find(layers[0])->second;
  return layer.residual && layer.path == path ? layer.residual->range : layer.range;
}

Range LayerPlaces::of_key(const std::string& layer, std::string_view key) const {
  const auto or_name = [&](const Range& range) { return range.file == FileId::none ? spec_.name_range : range; };
  if (layer == "weights") return or_name(spec_.weights_range);
  if (layer == "input") {
    const bool shape = key == "shape" || spec_.preprocess_range.file == FileId::none;
    return or_name(shape ? spec_.input_range : spec_.preprocess_range);
  }
  if (const auto head = heads_.find(layer); head != heads_.end()) return or_name(head->second);
  const auto found = layers_.find(layer);
  if (found == layers_.end()) return spec_.name_range;
  if (key.starts_with("residual") && found->second->residual) return or_name(found->second->residual->range);
  return or_name(found->second->place(key.substr(0, key.find('.'))));
}

}  // namespace deeper
