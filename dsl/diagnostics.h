// Mistakes as data with a place; `render` and `to_json` are the only two ways they reach people and programs.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "dsl/source.h"

namespace deeper {

enum class Severity { error, warning, note };

/// A second fact at a second place.
struct Label {
  Range range;
  std::string message;
};

/// Lower case, no full stop: what was seen; then notes; then `help`, what would mend it.
struct Diagnostic {
  std::string_view id;  ///< from diagnostic_ids.h, kebab-case, for instance "unknown-key"
  Severity severity = Severity::error;
  Range range;
  std::string message;
  std::vector<Label> notes;
  std::string help;
};

/// Collects; never throws, never exits. The same id and message at the same place counts once (a block has many uses).
class Diagnostics {
 public:
  static constexpr size_t most = 200;  ///< kept; what comes after them is only counted

  /// The returned reference is for adding notes and help at once; it is valid until the next call.
  Diagnostic& error(std::string_view id, Range range, std::string message);
  Diagnostic& warning(std::string_view id, Range range, std::string message);
  Diagnostic& note(std::string_view id, Range range, std::string message);

  bool has_errors() const { return errors_ > 0; }
  int error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return list_; }
  /// Nothing more is kept: what costs time, as looking for the nearest name, is in vain.
  bool full() const { return list_.size() >= most; }
  /// How many came after `most` were kept.
  int omitted() const { return omitted_; }

 private:
  Diagnostic& add(std::string_view id, Severity severity, Range range, std::string message);
  std::vector<Diagnostic> list_;
  std::set<std::tuple<int, int, int, std::string>> seen_;  ///< file, line, column, and severity, id and message
  Diagnostic discarded_;                                   ///< what callers add notes to when nothing is kept
  int errors_ = 0;
  int omitted_ = 0;
};

/// Text with the line, a caret, notes, expansion trace and help, in order of file and line. `color`: ANSI for
/// terminals.
std::string render(const Diagnostics& diagnostics, const Sources& sources, bool color);
/// {"deeper": 1, "errors": [...]} as LANGUAGE's contract has it.
std::string to_json(const Diagnostics& diagnostics, const Sources& sources);

}  // namespace deeper
