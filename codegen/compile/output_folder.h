// A folder that appears whole or not at all.
#pragma once
#include <string>
#include <vector>

#include "dsl/diagnostics.h"

namespace deeper {

/// Why `folder` may not be replaced by an output of ours, empty = it may: it does not exist, is empty, or holds a
/// manifest.json of ours and nothing but the files that this names.
std::string refusal(const std::string& folder);

/// A temporary folder beside `target`; `commit` swaps it in, its end without a commit removes it. One whose process was
/// killed is removed by the next that writes beside it.
class OutputFolder {
 public:
  /// Refuses targets as `refusal` says. Makes missing parents.
  OutputFolder(const std::string& target, Diagnostics& diagnostics);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  bool ready() const { return !temporary_.empty(); }
  /// Of the temporary folder.
  const std::string& path() const { return temporary_; }
  /// Syncs, swaps with what is there, removes that; or, with `keep`, leaves an output of ours that is there and removes
  /// its own. False and a diagnostic when it cannot: the old folder is then untouched.
  bool commit(bool keep, Diagnostics& diagnostics);

 private:
  bool make_parents(Diagnostics& diagnostics);
  void make_temporary(Diagnostics& diagnostics);

  std::string given_;                 ///< as the user wrote it, for messages
  std::string target_;                ///< absolute, links resolved
  std::string temporary_;             ///< empty when there is none (any more)
  std::vector<std::string> parents_;  ///< made by us
  int lock_ = -1;                     ///< descriptor of the temporary folder, locked while it is ours
};

}  // namespace deeper
