// Programs that `run`, `golden` and `bench` build for themselves, kept under $XDG_CACHE_HOME/deeper.
#pragma once
#include <string>
#include <vector>

#include "codegen/cli/command.h"

namespace deeper {

struct CachedProgram {
  std::vector<std::string> command;  ///< how to run it here: the emulator where one is needed, the program, its weights
  Checked checked;
};

/// Builds unless the same was built before: the program for this deeper, network, target and options, the weights file
/// also for weights and labels. Safe when several do so at the same time. Empty `command` and diagnostics when it
/// cannot.
CachedProgram cached_program(const Options& options, Sources& sources, Diagnostics& diagnostics);

}  // namespace deeper
