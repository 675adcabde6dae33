#include "dsl/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

namespace deeper {
Diagnostic& Diagnostics::add(std::string_view id, Severity severity, Range range, std::string message) {
  range.length = std::max(1, range.length);
  // A block's text is read once for every use; the same mistake at the same place is one mistake.
  constexpr size_t most_remembered = 20000;
  const auto key = std::tuple(static_cast<int>(range.file), range.line, range.column,
                              fmt::format("{} {} {}", static_cast<int>(severity), id, message));
  const bool repeated = range.line > 0 && seen_.count(key) > 0;
  if (!repeated && seen_.size() < most_remembered) seen_.insert(key);
  if (!repeated && severity == Severity::error) ++errors_;
  if (!repeated && full()) ++omitted_;
  if (repeated || full()) {
    discarded_ = {id, severity, range, std::move(message), {}, {}};
    return discarded_;
  }
  list_.push_back({id, severity, range, std::move(message), {}, {}});
  return list_.back();
}

Diagnostic& Diagnostics::error(std::string_view id, Range range, std::string message) {
  return add(id, Severity::error, range, std::move(message));
}
Diagnostic& Diagnostics::warning(std::string_view id, Range range, std::string message) {
  return add(id, Severity::warning, range, std::move(message));
}
Diagnostic& Diagnostics::note(std::string_view id, Range range, std::string message) {
  return add(id, Severity::note, range, std::move(message));
}

}  // namespace deeper
