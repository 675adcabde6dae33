// YAML -> NetworkSpec. The whole front end behind one function; and back to flat YAML.
#pragma once
#include <string>
#include <vector>

#include "dsl/diagnostics.h"
#include "dsl/source.h"
#include "dsl/spec.h"

namespace deeper {

struct ParseOptions {
  std::vector<std::string> set;  ///< "param=value", as given on the command line
};

/// Reads `path` and what it includes. All mistakes go to `diagnostics`; on errors the spec holds what could be read,
/// so that `build` can go on and find more (layers that could not be read are left out).
NetworkSpec parse(const std::string& path, const ParseOptions& options, Sources& sources, Diagnostics& diagnostics);

/// The same for text in memory; what it includes is looked for beside `name`.
NetworkSpec parse_text(const std::string& name, std::string text, const ParseOptions& options, Sources& sources,
                       Diagnostics& diagnostics);

/// The flat network as YAML with nothing implicit; `parse` of it gives the same spec but for places.
std::string print_yaml(const NetworkSpec& spec);

/// SHA-256 (hex) of print_yaml without about, labels, expect and goldens.
std::string spec_hash(const NetworkSpec& spec);

}  // namespace deeper
