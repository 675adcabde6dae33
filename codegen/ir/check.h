// parse + build: everything that can be wrong with a spec without its weights.
#pragma once
#include <string>

#include "codegen/ir/build.h"
#include "dsl/parse.h"

namespace deeper {

struct Checked {
  NetworkSpec spec;
  BuildResult built;
};

Checked check_spec(const std::string& path, const ParseOptions& parse_options, const BuildOptions& build_options,
                   Sources& sources, Diagnostics& diagnostics);

}  // namespace deeper
