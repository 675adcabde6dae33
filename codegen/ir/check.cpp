#include "codegen/ir/check.h"

namespace deeper {

Checked check_spec(const std::string& path, const ParseOptions& parse_options, const BuildOptions& build_options,
                   Sources& sources, Diagnostics& diagnostics) {
  Checked checked;
  checked.spec = parse(path, parse_options, sources, diagnostics);
  checked.built = build(checked.spec, build_options, sources, diagnostics);
  return checked;
}

}  // namespace deeper
