#include "codegen/ir/check.h"

#include "codegen/ir/limits.h"

namespace deeper {

Checked check_spec(const std::string& path, const ParseOptions& parse_options, const BuildOptions& build_options,
                   Sources& sources, Diagnostics& diagnostics) {
  Checked checked;
  checked.spec = parse(path, parse_options, sources, diagnostics);
  checked.built = build(checked.spec, build_options, sources, diagnostics);
  if (!diagnostics.has_errors()) check_limits(checked.built, build_options.limits, diagnostics);
  return checked;
}

}  // namespace deeper
