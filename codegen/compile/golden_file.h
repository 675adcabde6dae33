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
  std::string path;              ///< of a layer, or "a+b/pre" for a value that layers share
  double mean = 0, largest = 0;  ///< of the layer's output; largest = of |values|; 7 digits
  std::string hash;              ///< first 16 hex digits of the SHA-256 of its float32 values
  /// The values' projection on a fixed random direction, over the square root of their number, 7 digits: moves by about
  /// their mean change, in another order too. None in files of earlier versions.
  std::optional<double> probe;
  std::string shape;  ///< "28x28x256"; empty in files of earlier versions
};

struct GoldenHead {
  std::string head;
  std::string output,
      logits;  ///< npy files beside the goldens file; no logits where the head has none, one of both in a reference
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
  std::string reference;  ///< npz beside the goldens file: what another engine gives; empty = deeper recorded it
};

struct GoldenFile {
  std::string network, spec_hash, weights_hash;
  std::vector<std::pair<std::string, std::string>> params;
  std::vector<Golden> goldens;
  std::string spec, tensors;  ///< files beside: the expanded spec, the tensors' records; empty = none were kept
};

/// One trained tensor as it was when the goldens were recorded, in the network's own order of dims.
struct TensorRecord {
  std::string path;  ///< "conv2/weight"
  std::string dims;  ///< "64x3x3x32"
  double mean = 0, largest = 0;
  std::string hash;    ///< first 16 hex digits of the SHA-256 of its float32 values
  std::string values;  ///< 16 hex digits that do not depend on the values' order
};

std::string print_goldens(const GoldenFile& file);
std::string print_tensors(const std::vector<TensorRecord>& tensors);

/// Null and diagnostics when it cannot be read.
/// What was recorded is in the folder of the goldens or below. Inputs are anywhere, or, where the file `inputs_below`
/// is named, in its folder or below.
std::optional<GoldenFile> read_goldens(const std::string& path, Sources& sources, Diagnostics& diagnostics,
                                       const std::string& inputs_below = "");
std::optional<std::vector<TensorRecord>> read_tensors(const std::string& path, Sources& sources,
                                                      Diagnostics& diagnostics);

}  // namespace deeper
