#include "codegen/cli/compare.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "codegen/cli/json_text.h"
#include "codegen/cli/table.h"

namespace deeper {
namespace {

struct Figure {
  const char* words;
  const char* key;
  int64_t Figures::* value;
};
constexpr Figure figures[] = {{"parameters", "params", &Figures::params},
                              {"bytes of weights", "weight_bytes", &Figures::weight_bytes},
                              {"multiply-adds", "macs", &Figures::macs},
                              {"activations", "activations", &Figures::activations}};

double ratio(const Figure& figure, const Figures& first, const Figures& second) {
  return static_cast<double>(first.*figure.value) / static_cast<double>(second.*figure.value);
}

nlohmann::ordered_json figures_json(const Figures& figures_of_one) {
  nlohmann::ordered_json out = {{"network", figures_of_one.network}};
  for (const Figure& figure : figures) out[figure.key] = figures_of_one.*figure.value;
  return out;
}

}  // namespace

Figures figures_of(const Checked& checked) {
  const BuildResult& built = checked.built;
  Figures out{checked.spec.name, built.total.params.value(), 0, built.total.macs.value(), 0};
  out.weight_bytes = out.params * 4;
  for (size_t i = 0; i < built.total_layers; ++i) out.activations += built.layers[i].out.elements().value();
  return out;
}

std::string compare_table(const Figures& first, const Figures& second) {
  std::vector<std::vector<std::string>> rows = {
      {"", first.network, second.network, fmt::format("{} / {}", first.network, second.network)}};
  for (const Figure& figure : figures)
    rows.push_back({figure.words, grouped(first.*figure.value), grouped(second.*figure.value),
                    second.*figure.value == 0 ? "-" : fmt::format("{:.3f}", ratio(figure, first, second))});
  return format_table(rows, {false, true, true, true}) +
         "weights: as 32-bit floats; multiply-adds: of convolutions and dense layers; activations: numbers in the "
         "outputs "
         "of all layers\nthat `deeper check` lists; all without optional heads\n";
}

std::string compare_json(const Figures& first, const Figures& second) {
  nlohmann::ordered_json out = {{"deeper", 1}};
  out["networks"] = {figures_json(first), figures_json(second)};
  out["ratios"] = nlohmann::ordered_json::object();
  for (const Figure& figure : figures) {
    auto& value = out["ratios"][figure.key];
    if (second.*figure.value != 0) value = ratio(figure, first, second);
  }
  return json_text(out);
}

}  // namespace deeper
