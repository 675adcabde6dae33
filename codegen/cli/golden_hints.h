// How two arrays of one step differ, in words of what commonly goes wrong.
#pragma once
#include <string>

#include "codegen/compile/arrays.h"

namespace deeper {

/// "its channels are in reverse order", "negative values are kept where they were 0": the first of the known patterns
/// that explains `now` from `then`, both [height][width][channels]; empty where none does.
std::string difference_hint(const Array& now, const Array& then);

}  // namespace deeper
