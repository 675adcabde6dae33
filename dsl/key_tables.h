// The language's keys as Markdown, for dsl/README.md.
#pragma once
#include <string>

namespace deeper {

/// One table for every mapping and every layer: key, value, default, meaning.
std::string key_tables();

}  // namespace deeper
