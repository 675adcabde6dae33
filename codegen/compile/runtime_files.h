// The runtime's files, carried in this program.
#pragma once
#include <string_view>

namespace deeper {

/// The text of runtime/NAME; empty when there is no such file.
std::string_view runtime_file(std::string_view name);

}  // namespace deeper
