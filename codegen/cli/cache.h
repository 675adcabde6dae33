// Programs that `run`, `golden` and `bench` build for themselves, kept in the cache.
#pragma once
#include <string>
#include <vector>

#include "codegen/cli/command.h"
#include "codegen/compile/cache_folder.h"

namespace deeper {

struct CachedProgram {
  std::vector<std::string> command;  ///< how to run it here: the emulator where one is needed, the program, its weights
  Checked checked;
  WeightStore weights;             ///< what the program computes with; `hash` alone where they are made up
  std::vector<KeptEntry> entries;  ///< stay where they are while this lives, and while a program that we become runs
};

/// Builds unless the same was built before: the program for this deeper, compiler, network, target and options, the
/// weights file also for weights and labels. Every file is read once, so that what is kept under a hash is what has it.
/// Safe when several do so at the same time. Empty `command` and diagnostics when it cannot.
CachedProgram cached_program(const Options& options, Sources& sources, Diagnostics& diagnostics);

}  // namespace deeper
