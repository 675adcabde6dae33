// What the entries of the cache depend on, each as one struct that is hashed whole.
#pragma once
#include <string>
#include <vector>

#include "codegen/compile/artifact.h"

namespace deeper {

/// Whatever changes a program's bytes. Of the weights it knows only the shapes, which are in `network`.
struct ProgramKey {
  std::string deeper;     ///< this very build of it
  std::string compiler;   ///< Toolchain::identity
  std::string libraries;  ///< for pictures, which are linked in: paths, sizes, dates
  std::string target;
  std::string options;  ///< most threads, embedded weights
  std::vector<std::string> heads, without_passes;
  std::string network;  ///< flat, parameters applied: what the spec hash is of, and more
};

/// Whatever changes a weights file's bytes.
struct WeightsKey {
  std::string program;  ///< the hash of a ProgramKey
  std::string weights;  ///< the hash of the bytes that are bound, or "random:SEED"
  std::vector<std::vector<std::string>> labels;
};

ProgramKey program_key(const ArtifactOptions& how, const NetworkSpec& spec, const Toolchain& tools);

/// 32 hex digits.
std::string hash_of(const ProgramKey& key);
std::string hash_of(const WeightsKey& key);

}  // namespace deeper
