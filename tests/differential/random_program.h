// Several networks as one program: their sources in one translation unit, so that kernels are instantiated once.
#pragma once
#include <string>
#include <vector>

#include "tests/differential/random_case.h"

namespace deeper {

/// Writes FOLDER/batch.cpp and compiles it to FOLDER/batch with `optimisation` ("-O2"). False when the compiler
/// refuses; its words are on stderr.
bool compile_batch(const std::vector<RandomCase>& cases, const Target& target, const std::string& folder,
                   const std::string& optimisation);

/// Runs the program on the cases' inputs; `outputs` has one entry a case. False when it fails.
bool run_batch(const std::vector<RandomCase>& cases, const std::string& folder, std::vector<SeenOutputs>& outputs);

}  // namespace deeper
