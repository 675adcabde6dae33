#include "runtime/program_list.h"

#include "runtime/text.h"

namespace rt::inline RT_ABI {

bool TextList::read(const char* path, Problem& problem) {
  if (!read_file(path, text_, problem)) return false;
  const size_t size = text_.size();
  if (!terminate(text_)) return set_problem(problem, exit_input, "out-of-memory", "out of memory");
  TextLines lines(text_.data(), size, false);
  for (const char *begin = nullptr, *end = nullptr; lines.next(begin, end);) {
    if (begin == end) continue;
    text_[static_cast<size_t>(end - text_.data())] = 0;  // there is a line's end or the text's
    if (!lines_.add({text_.data() + (begin - text_.data()), lines.number()}))
      return set_problem(problem, exit_input, "out-of-memory", "out of memory");
  }
  const TextFault& fault = lines.fault();
  return fault.words == nullptr || set_problem(problem, exit_input, "list", "%s:%zu:%zu: %s; %s", path, fault.line,
                                               fault.column, fault.words, fault.cure);
}

}  // namespace rt::inline RT_ABI
