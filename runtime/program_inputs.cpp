#include "runtime/program_inputs.h"

#include <stdio.h>
#include <string.h>

#include "runtime/preprocess.h"
#include "runtime/program_session.h"

namespace rt::inline RT_ABI {
bool Inputs::open(const Network& network, const Options& options, Problem& problem) {
  network_ = &network;
  options_ = &options;
  bool memory = tensor_.allocate(input_floats(network));
  for (const char* path : options.inputs) memory = memory && paths_.add(path);
  constexpr size_t most_lists = sizeof lists_ / sizeof lists_[0];
  if (options.lists.size() > most_lists) return usage_problem(problem, "at most %zu lists", most_lists);
  for (size_t i = 0; memory && i < options.lists.size(); ++i) {
    if (!lists_[i].read(options.lists[i], problem)) return false;
    for (const TextList::Line& line : lists_[i].lines()) memory = memory && paths_.add(line.text);
  }
  return memory || set_problem(problem, exit_input, "out-of-memory", "out of memory");
}

bool Inputs::next() {
  problem_ = {};
  warning_[0] = 0;
  if (options_->tensor) return next_tensor();
  if (at_ == paths_.size()) return false;
  const char* path = paths_[at_++];
  snprintf(name_, sizeof name_, "%s", path);
  fine_ = load_image(*network_, path, options_->pixels, tensor_.data(), problem_, warning_);
  return true;
}

bool Inputs::next_tensor() {
  while (in_file_ == reader_.count()) {  // also a file without tensors
    if (at_ == paths_.size()) return false;
    const char* path = paths_[at_++];
    snprintf(name_, sizeof name_, "%s", path);
    in_file_ = 0;
    fine_ = reader_.open(path, *network_, problem_, options_->layout);
    if (fine_ && reader_.ambiguous()) {
      snprintf(warning_, sizeof warning_, "the shape fits nhwc and nchw, it is taken as nhwc; --layout says which");
    }
    if (fine_) continue;
    reader_.close();
    return true;
  }
  const char* path = paths_[at_ - 1];
  snprintf(name_, sizeof name_, reader_.count() == 1 ? "%s" : "%s[%lld]", path, static_cast<long long>(in_file_));
  ++in_file_;
  fine_ = reader_.next(tensor_.data(), problem_);
  if (!fine_) {  // nothing can follow
    reader_.close();
    in_file_ = 0;
  }
  return true;
}

bool load_image(const Network& network, const char* path, bool as_is, float* tensor, Problem& problem,
                char (&warning)[300]) {
  Buffer<char> file;
  if (!read_file(path, file, problem)) return false;
  ImageReport report;
  const Bytes bytes{reinterpret_cast<const unsigned char*>(file.data()), file.size()};
  const bool fine = image_to_tensor(network, bytes, as_is, tensor, report);
  snprintf(warning, sizeof warning, "%s", report.warning);
  return fine || set_problem(problem, report.status, path, report.error);
}

}  // namespace rt::inline RT_ABI
