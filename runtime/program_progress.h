// A bar on standard error for what takes over a second, where that is a terminal.
#pragma once
#include <stddef.h>

#include "runtime/abi.h"

namespace rt::inline RT_ABI {

/// Shown from the first second on, twice a second; gone when it goes out of scope.
class ProgressBar {
 public:
  /// `total` 0: the number is not known, only a count is shown. `wanted` false: never shown.
  ProgressBar(size_t total, const char* unit, bool wanted = true);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();
  void show(size_t done);
  /// Until it is shown next: something else is written on standard error.
  void hide();

 private:
  size_t total_;
  const char* unit_;  ///< "images"
  bool wanted_, visible_ = false;
  double begin_, shown_;
};

}  // namespace rt::inline RT_ABI
