// What a file is that is no safetensors file, and what to do with it.
#pragma once
#include <string>
#include <string_view>

namespace deeper {

struct FileKind {
  std::string_view what;  ///< "a PyTorch file (zip)"; empty where nothing is known
  std::string_view help;
};

/// By what it begins with.
FileKind file_kind(std::string_view bytes);

}  // namespace deeper
