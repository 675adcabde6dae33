#include "codegen/compile/stack_usage.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace deeper {

// Lines are "file:line:function<tab>bytes<tab>static|dynamic[,bounded]".
int64_t stack_bound(std::string_view report) {
  std::vector<int64_t> frames;
  while (!report.empty()) {
    const std::string_view line = report.substr(0, report.find('\n'));
    report.remove_prefix(std::min(line.size() + 1, report.size()));
    const size_t kind = line.rfind('\t');
    if (kind == std::string_view::npos || kind == 0) continue;
    const size_t number = line.rfind('\t', kind - 1);
    if (number == std::string_view::npos) continue;
    int64_t bytes = 0;
    std::from_chars(line.data() + number + 1, line.data() + kind, bytes);
    if (line.substr(kind + 1) == "dynamic") return -1;
    frames.push_back(bytes + 8);
  }
  std::sort(frames.rbegin(), frames.rend());
  int64_t sum = 0;
  for (size_t i = 0; i < frames.size() && i < size_t(deepest_chain); ++i) sum += frames[i];
  return sum;
}

}  // namespace deeper
