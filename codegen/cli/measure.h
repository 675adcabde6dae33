// Runs a program on one input and keeps everything that it computed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "codegen/cli/cache.h"
#include "codegen/compile/arrays.h"
#include "codegen/compile/golden_file.h"

namespace deeper {

/// A folder for files on their way from a program to us; gone at its end.
class Scratch {
 public:
  explicit Scratch(Diagnostics& diagnostics);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }  ///< empty when there is none

 private:
  std::string path_;
};

struct MeasuredHead {
  std::string head;
  Array output, logits;  ///< logits empty where the head has none
};

struct Measured {
  Array input;  ///< what entered the network
  std::vector<MeasuredHead> heads;
  std::vector<NamedArray> layers;  ///< in the order of the steps
};

/// One image or npy tensor (by its suffix). Null and a diagnostic when the program cannot.
std::optional<Measured> measure(const CachedProgram& program, const std::string& input, bool pixels,
                                const Scratch& scratch, Diagnostics& diagnostics);

GoldenStep summary(const NamedArray& layer);
size_t largest_at(const Array& array);
/// Index of the largest value; none where the head gives no probabilities.
std::optional<int64_t> top1(const MeasuredHead& head);

}  // namespace deeper
