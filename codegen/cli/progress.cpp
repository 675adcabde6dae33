#include "codegen/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "codegen/cli/talk.h"

namespace deeper {

Progress::Progress() {
  const char* name = getenv("TERM");
  terminal_ = isatty(2) == 1 && name != nullptr && std::string_view(name) != "dumb";
}

Progress::~Progress() {
  if (shown_) talk("\r\033[K");
}

void Progress::show(std::string_view stage, double part) {
  if (!terminal_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1)) return;
  constexpr int width = 30;
  const int full = std::clamp(int(part * width), 0, width);
  talk("\r\033[K[{}{}] {:3.0f} % {}", std::string(size_t(full), '#'), std::string(size_t(width - full), '.'),
       part * 100, stage);
  shown_ = true;
}

}  // namespace deeper
