// A file's tensors under the paths that `weights.rename` gives their names, without those of `weights.ignore`.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/weights/store.h"

namespace deeper {

struct FileTensor {
  std::string_view name;  ///< in the file
  const StoredTensor* tensor = nullptr;
  bool used = false;
};

struct FileNames {
  using ByPath = std::map<std::string, FileTensor, std::less<>>;
  struct Ignored {
    std::string_view name;
    size_t pattern = 0;  ///< of NetworkSpec::ignore
  };
  ByPath tensors;
  std::map<std::string, Ignored, std::less<>> ignored;  ///< by path, where `tensors` has none of it
};

/// Two names for one path are errors; rules and patterns that no name of the file is left for are told in a note. Both
/// views point into the store.
FileNames file_names(const WeightStore& store, const NetworkSpec& spec, const Graph& graph, Diagnostics& diagnostics);

/// Whether the path is a weight of an optional head that this graph is built without.
bool of_unbuilt_head(std::string_view path, const NetworkSpec& spec, const Graph& graph);

}  // namespace deeper
