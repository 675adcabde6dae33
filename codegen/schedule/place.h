// Places of layers for comments: "inception_v1.yaml:17,18,19 in googlenet.yaml:32".
#pragma once
#include <string>
#include <vector>

#include "dsl/source.h"

namespace deeper {

/// File names without folders, lines in order; behind `in` the line of the network's file that uses a block. Ranges
/// without a place are left out; the text holds nothing but comment_text and these separators.
std::string place_text(const std::vector<Range>& ranges, const Sources& sources);

}  // namespace deeper
