// A bar on standard error, where that is a terminal and the work has taken over a second.
#pragma once
#include <chrono>
#include <string_view>

namespace deeper {

class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `part` of the whole in 0..1.
  void show(std::string_view stage, double part);

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool terminal_;
  bool shown_ = false;
};

}  // namespace deeper
