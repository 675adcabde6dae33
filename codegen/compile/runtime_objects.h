// Objects of the runtime's own files: the same for every network, so kept in the cache and compiled once.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codegen/compile/cache_folder.h"
#include "codegen/compile/compile.h"
#include "codegen/compile/process.h"

namespace deeper {

/// What their bytes depend on: the commands, the compiler, the runtime's text; and the headers of the system that the
/// compiler found, which are known only afterwards and stand in the entry.
class RuntimeObjects {
 public:
  /// `commands` compile runtime/X.cpp in the job's folder to `objects`, one each, leaving OBJECT.d. Without a cache
  /// nothing is ever found or kept.
  RuntimeObjects(const CompileJob& job, const Toolchain& tools, const std::vector<Command>& commands,
                 std::vector<std::string> objects);

  /// They are there, made of the same text.
  bool found() const { return entry_.has_value(); }
  /// Where a kept one is, absolute.
  std::string path(const std::string& object) const;
  /// Puts what was compiled into the cache. Where that fails, the next build compiles again: nobody needs to know.
  void keep();

 private:
  const CacheFolder* cache_;
  std::string folder_;
  std::vector<std::string> objects_;
  EntryTitle title_;
  std::optional<KeptEntry> entry_;
};

/// Absolute paths in a rule of `make` as `-MD` writes it.
std::vector<std::string> absolute_dependencies(const std::string& rule);

}  // namespace deeper
