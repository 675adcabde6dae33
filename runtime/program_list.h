// Lists that the command line names: one entry a line.
#pragma once
#include "runtime/buffer.h"
#include "runtime/program_files.h"

namespace rt::inline RT_ABI {

/// The lines of a file that are not empty, each terminated in place.
class TextList {
 public:
  struct Line {
    char* text;
    size_t number;  ///< in the file, from 1
  };

  /// False: the problem says what is wrong, and where. "-" is standard input.
  bool read(const char* path, Problem& problem);
  const List<Line>& lines() const { return lines_; }

 private:
  Buffer<char> text_;
  List<Line> lines_;
};

}  // namespace rt::inline RT_ABI
