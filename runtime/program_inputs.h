// The images (or tensors) that the command line names, one after the other.
#pragma once
#include "runtime/program_list.h"
#include "runtime/program_npy.h"
#include "runtime/program_options.h"

namespace rt::inline RT_ABI {

class Inputs {
 public:
  /// Reads the --list files. False: the problem says which cannot be read.
  bool open(const Network& network, const Options& options, Problem& problem);
  /// Number of named files.
  size_t size() const { return paths_.size(); }

  /// Goes to the next image or tensor; false after the last one.
  bool next();
  /// As the user knows it: the path, with [i] behind it for tensors of a file with several.
  const char* name() const { return name_; }
  /// What enters the network; null where it could not be read (`problem` says why).
  const float* tensor() const { return fine_ ? tensor_.data() : nullptr; }
  const Problem& problem() const { return problem_; }
  /// "" or something odd about the image.
  const char* warning() const { return warning_; }

 private:
  bool next_tensor();

  const Network* network_ = nullptr;
  const Options* options_ = nullptr;
  List<const char*> paths_;
  TextList lists_[8];
  Buffer<float> tensor_;
  TensorReader reader_;
  size_t at_ = 0;        ///< the next path
  int64_t in_file_ = 0;  ///< the next tensor of the open file
  bool fine_ = false;
  Problem problem_;
  char name_[4200] = "";
  char warning_[300] = "";
};

/// One encoded image into the network's input. `warning`: room for something odd about it.
bool load_image(const Network& network, const char* path, bool as_is, float* tensor, Problem& problem,
                char (&warning)[300]);

}  // namespace rt::inline RT_ABI
