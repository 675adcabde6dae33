#include "codegen/schedule/place.h"

#include <map>
#include <set>

#include "codegen/schedule/names.h"

namespace deeper {

namespace {

using LinesByFile = std::map<int, std::set<int>>;  // by file

std::string text_of(const LinesByFile& lines, const Sources& sources) {
  std::string text;
  for (const auto& [file, numbers] : lines) {
    const std::string& name = sources.name(static_cast<FileId>(file));
    text += (text.empty() ? "" : " ") + comment_text(name.substr(name.rfind('/') + 1)) + ":";
    const char* separator = "";
    for (const int number : numbers) {
      text += separator + std::to_string(number);
      separator = ",";
    }
  }
  return text;
}

/// The outermost place that led to this range.
Range use_of(const Range& range, const Sources& sources) {
  Range use = range;
  for (int trace = range.trace; trace >= 0;) {
    const Expansion& expansion = sources.expansions().at(static_cast<size_t>(trace));
    use = expansion.use;
    trace = expansion.parent;
  }
  return use;
}

}  // namespace

std::string place_text(const std::vector<Range>& ranges, const Sources& sources) {
  LinesByFile written, used;
  for (const Range& range : ranges) {
    if (range.file == FileId::none) continue;
    written[static_cast<int>(range.file)].insert(range.line);
    const Range use = use_of(range, sources);
    if (range.trace >= 0 && use.file != FileId::none) used[static_cast<int>(use.file)].insert(use.line);
  }
  const std::string inner = text_of(written, sources), outer = text_of(used, sources);
  return outer.empty() || outer == inner ? inner : inner + " in " + outer;
}

}  // namespace deeper
