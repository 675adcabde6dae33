// One random network on its way from text to C++, and what its outputs must be.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "codegen/ir/graph.h"
#include "codegen/schedule/target.h"
#include "tests/reference/reference.h"

namespace deeper {

/// A named array as the compiled network wrote it.
struct Seen {
  Shape shape;
  std::vector<float> values;
};
using SeenOutputs = std::map<std::string, Seen>;

struct RandomCase {
  uint64_t seed = 0;
  std::string spec;                   ///< YAML
  std::vector<std::string> disabled;  ///< passes
  int threads = 1;
  Graph graph;  ///< before the passes, weights bound
  reference::Tensor input;
  std::string name;    ///< of the network in C++: "net17"
  std::string source;  ///< NAME.cpp
  std::string header;  ///< NAME.h
  std::vector<float> weights;
  std::vector<std::string> failures;  ///< what went wrong before there was any code
};

/// Everything about a case follows from its seed.
RandomCase make_case(uint64_t seed, const Target& target, const std::string& folder);

/// What the comparisons of many cases saw.
struct Compared {
  int64_t values = 0;
  double largest = 0;  ///< difference, in standard deviations of what rounding explains
};

/// What differs from the reference by more than rounding can explain; empty = nothing.
std::vector<std::string> compare(const RandomCase& random_case, const SeenOutputs& seen, Compared& compared);

}  // namespace deeper
