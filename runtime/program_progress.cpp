#include "runtime/program_progress.h"

#include <stdio.h>

#include "runtime/program_session.h"

namespace rt::inline RT_ABI {

ProgressBar::ProgressBar(size_t total, const char* unit, bool wanted)
    : total_(total),
      unit_(unit),
      wanted_(wanted && isatty(STDERR_FILENO) != 0),
      begin_(seconds_now()),
      shown_(begin_ + 0.5) {}

ProgressBar::~ProgressBar() { hide(); }

void ProgressBar::hide() {
  if (visible_) fprintf(stderr, "\r%78s\r", "");
  visible_ = false;
}

void ProgressBar::show(size_t done) {
  if (!wanted_) return;
  const double now = seconds_now();
  if (now < shown_ + 0.5) return;
  shown_ = now;
  visible_ = true;
  const double speed = static_cast<double>(done) / (now - begin_);
  constexpr char full[] = "##############################";
  constexpr int width = sizeof full - 1;
  if (total_ == 0) {
    fprintf(stderr, "\r%zu %s, %.0f a second ", done, unit_, speed);
  } else {
    const int filled = static_cast<int>((done < total_ ? done : total_) * width / total_);
    fprintf(stderr, "\r[%.*s%*s] %zu of %zu %s, %.0f a second ", filled, full, width - filled, "", done, total_, unit_,
            speed);
  }
}

}  // namespace rt::inline RT_ABI
