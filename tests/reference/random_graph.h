// Small random networks as YAML text: one source of cases for passes, schedule and compiled programs alike.
#pragma once
#include <cstdint>
#include <string>

namespace deeper {

struct RandomSpecOptions {
  int64_t min_layers = 3, max_layers = 12;  ///< of the trunk; a branch counts as part of one
  int64_t multiply_adds = 2'000'000;        ///< at most, all together
  bool taps = true;                         ///< a second head that reads something inside, now and then
};

/// The same text for the same seed, everywhere. Inputs of 3..20 x 3..20 x 1..40, channel counts 1..40 with the odd
/// ones, every op, activation and pad rule of the language, forks (also inside forks) with concat and add, residuals,
/// `in:`, an inception module from a block, one or two heads. Always valid. The network's name is random_SEED.
std::string random_spec(uint64_t seed, const RandomSpecOptions& options = {});

}  // namespace deeper
