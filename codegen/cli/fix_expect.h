// `deeper check --fix-expect`: the numbers of `expect` in a network's own file become those that the network has.
#pragma once
#include <string>
#include <vector>

#include "codegen/ir/build.h"

namespace deeper {

/// One number of the file and what stands there instead.
struct ExpectEdit {
  Range range;
  int64_t was = 0, now = 0;
};

/// The numbers of `spec`'s file that do not hold, in the file's order. Errors where one must not be changed: it is
/// computed from params or arguments, it stands in an included file, or one block's number would have to be several.
std::vector<ExpectEdit> expect_edits(const NetworkSpec& spec, const std::vector<ExpectedNumber>& expected,
                                     const Sources& sources, Diagnostics& diagnostics);

/// `text` with the edits; everything else as it was, byte for byte. Empty where a number does not stand where it
/// should.
std::string apply_edits(const std::string& text, const std::vector<ExpectEdit>& edits);

/// The whole command; the exit status.
int fix_expect(const std::string& path, bool json);

}  // namespace deeper
