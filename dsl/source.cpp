#include "dsl/source.h"

#include <cassert>

namespace deeper {

FileId Sources::add(std::string name, std::string text) {
  File file{std::move(name), std::move(text), {0}};
  for (size_t i = 0; i < file.text.size(); ++i)
    if (file.text[i] == '\n') file.line_starts.push_back(i + 1);
  files_.push_back(std::move(file));
  return static_cast<FileId>(files_.size() - 1);
}

int Sources::expand(Expansion expansion) {
  expansions_.push_back(std::move(expansion));
  return static_cast<int>(expansions_.size()) - 1;
}

const std::string& Sources::name(FileId file) const {
  assert(file != FileId::none);
  return files_[static_cast<size_t>(file)].name;
}

const std::string& Sources::text(FileId file) const {
  assert(file != FileId::none);
  return files_[static_cast<size_t>(file)].text;
}

std::string_view Sources::line(FileId file, int line) const {
  if (file == FileId::none) return {};
  const File& from = files_[static_cast<size_t>(file)];
  if (line < 1 || static_cast<size_t>(line) > from.line_starts.size()) return {};
  const size_t begin = from.line_starts[line - 1];
  std::string_view text = std::string_view(from.text).substr(begin);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace deeper
