// Text that people wrote, and places in it. Every later stage points back here.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

/// Index of a file in `Sources`; -1 means "no place" (a command-line option, a whole run).
enum class FileId : int { none = -1 };

/// A stretch of one line. Lines and columns count from 1, columns count code points; `trace` tells how it was reached.
struct Range {
  FileId file = FileId::none;
  int line = 0;
  int column = 0;
  int length = 1;
  int trace = -1;  ///< index into Sources::expansions(), -1 = written where it stands

  friend bool operator==(const Range&, const Range&) = default;
};

/// One step of the way from a block's text to where it is used: `use` of a block, a `repeat` round, an include.
struct Expansion {
  Range use;         ///< the place that asked for it
  std::string what;  ///< "block `reduced`", "repeat 3 of 20"
  int parent = -1;   ///< index of the enclosing expansion
};

/// All files of one run. Names are as the user would type them; text is kept whole for carets.
class Sources {
 public:
  FileId add(std::string name, std::string text);
  int expand(Expansion expansion);

  const std::string& name(FileId file) const;
  const std::string& text(FileId file) const;
  /// The text of a line (from 1) without its line end; empty when there is no such line.
  std::string_view line(FileId file, int line) const;
  const std::vector<Expansion>& expansions() const { return expansions_; }

 private:
  struct File {
    std::string name;
    std::string text;
    std::vector<size_t> line_starts;
  };
  std::vector<File> files_;
  std::vector<Expansion> expansions_;
};

}  // namespace deeper
