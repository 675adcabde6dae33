// Which deeper this is.
#pragma once
#include <string>

namespace deeper {

/// "deeper 0.1.0".
std::string tool_version();

/// Changes with every change of this program's code: the linker's build id, hex; else the hash of the executable.
std::string tool_build_id();

}  // namespace deeper
