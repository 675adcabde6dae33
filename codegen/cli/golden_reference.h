// Another engine's values as a golden: which array is which step, and in which order its dims lie.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codegen/compile/arrays.h"
#include "codegen/compile/artifact.h"

namespace deeper {

enum class ReferenceLayout { by_shape, nhwc, nchw };

struct ReferenceHead {
  std::string head;
  std::optional<Array> output, logits;
  bool classes = false;  ///< ends in a softmax
};

/// All arrays are [height][width][channels].
struct Reference {
  std::optional<Array> input;
  std::vector<ReferenceHead> heads;
  std::vector<NamedArray> steps;  ///< in the order in which they run
};

/// Reads an npz file whose arrays are named after steps, "input", heads ("main") and what enters their softmax
/// ("main.logits"). Diagnostics for names that the network does not have, shapes that do not fit, values that are not
/// finite, and shapes that fit both ways where no other array tells.
Reference read_reference(const std::string& file, ReferenceLayout layout, const Lowered& lowered,
                         Diagnostics& diagnostics);

}  // namespace deeper
