// Goldens for the program's --self-test: the part of a goldens file that goes into the weights file.
#pragma once
#include <string>

#include "codegen/compile/artifact.h"
#include "codegen/compile/golden_file.h"

namespace deeper {

/// The section's bytes as runtime/selftest.h has them, of the first three goldens of the spec's `goldens:` file. Empty,
/// with a note that says why, where there is no such file, or it holds for another network or other weights.
std::string golden_section(const Lowered& lowered, Diagnostics& diagnostics);

}  // namespace deeper
