// Two networks side by side, by the figures that people publish.
#pragma once
#include <cstdint>
#include <string>

#include "codegen/ir/check.h"

namespace deeper {

/// Of a network without its optional heads.
struct Figures {
  std::string network;
  int64_t params = 0;
  int64_t weight_bytes = 0;  ///< 4 a parameter; moving statistics are no parameters
  int64_t macs = 0;
  int64_t activations =
      0;  ///< elements of all outputs in the table of layers: what joins branches counts like any layer
};

Figures figures_of(const Checked& checked);

/// For people: one row a figure, the last column `first / second`.
std::string compare_table(const Figures& first, const Figures& second);
/// {"deeper": 1, "networks": [...], "ratios": {...}}; a ratio to nothing is null.
std::string compare_json(const Figures& first, const Figures& second);

}  // namespace deeper
