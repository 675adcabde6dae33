// How large a network may be before anybody takes memory for it.
#pragma once
#include <cstdint>
#include <string>

#include "codegen/ir/build.h"

namespace deeper {

/// One odd number in a spec can ask for more memory than there is: `too-large`, at the layer that takes most, for
/// weights (parameters as 32-bit floats) beyond `limits.weight_bytes`, and for an output beyond `limits.arena_bytes`.
/// What a schedule makes of it is looked at when there is one (codegen/compile/lower.cpp).
void check_limits(const BuildResult& built, const SizeLimits& limits, Diagnostics& diagnostics);

/// "4.1 GB".
std::string size_in_gb(int64_t bytes);

/// The error that says so, after `what`; `where` may be nowhere.
void too_large(Range where, const std::string& what, int64_t bytes, const char* option, int64_t limit,
               Diagnostics& diagnostics);

}  // namespace deeper
