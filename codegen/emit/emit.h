// Schedule -> C++ text. Decides nothing.
#pragma once
#include <string>
#include <vector>

#include "codegen/schedule/schedule.h"

namespace deeper {

struct SourceText {
  std::string name;  ///< "googlenet.cpp"
  std::string text;
};

/// NAME.h (the C header), NAME.cpp (the network), NAME_image.cpp (classify an encoded image; only where the spec says
/// how to preprocess), NAME_main.cpp (the
/// program), CMakeLists.txt. No dates, no paths of this machine, no free text of the model outside escaped string
/// literals.
std::vector<SourceText> emit(const Schedule& schedule);

/// Names (relative to runtime/) of the runtime files that these sources need.
std::vector<std::string> runtime_files(const Schedule& schedule);

}  // namespace deeper
