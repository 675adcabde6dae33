// NAME.goldens.yaml: inputs and what they gave, with a summary of every step. Written by `deeper golden record` only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/diagnostics.h"

namespace deeper {

struct GoldenStep {
  std::string path;
  double mean = 0, largest = 0;  ///< of the layer's output; largest = of |values|; 7 digits
  std::string hash;              ///< first 16 hex digits of the SHA-256 of its float32 values
};

struct GoldenHead {
  std::string head;
  std::string output, logits;  ///< npy files beside the goldens file; no logits where the head has none
  std::optional<int64_t> top1;
};

struct Golden {
  std::string input;       ///< image or npy, relative to the goldens file's folder unless absolute
  std::string input_hash;  ///< SHA-256 of that file
  bool pixels = false;     ///< an image of the network's size: neither resized nor cropped
  std::string tensor;      ///< npy beside the goldens file: what enters the network; of the first three only
  double tolerance = 0;    ///< largest |difference| of the heads' values; 0 = the same bits
  std::vector<GoldenHead> heads;
  std::vector<GoldenStep> steps;
  Range range;
};

struct GoldenFile {
  std::string network, spec_hash, weights_hash;
  std::vector<std::pair<std::string, std::string>> params;
  std::vector<Golden> goldens;
};

std::string print_goldens(const GoldenFile& file);

/// Null and diagnostics when it cannot be read.
std::optional<GoldenFile> read_goldens(const std::string& path, Sources& sources, Diagnostics& diagnostics);

}  // namespace deeper
