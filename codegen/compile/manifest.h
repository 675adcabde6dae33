// manifest.json: what a folder holds, for whom, and made by what.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "codegen/compile/compile.h"
#include "codegen/compile/system.h"
#include "codegen/schedule/schedule.h"

namespace deeper {

struct ManifestFacts {
  const Schedule* schedule = nullptr;
  std::string weights_hash;
  std::string compiler;  ///< "clang 22.1.8"; empty: nothing was compiled
  CompileReport report;
  std::vector<std::string> files;              ///< relative to the folder, sorted; what `deeper` may replace
  std::map<std::string, std::string> sources;  ///< name -> SHA-256: while these hold, nobody has edited them
  std::vector<LibraryVersion> libraries = {};  ///< inside of the program
};

std::string manifest(const ManifestFacts& facts);

}  // namespace deeper
