// A folder that appears whole or not at all.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "dsl/diagnostics.h"

namespace deeper {

/// Why `folder` may not be replaced by an output of ours, empty = it may: it does not exist, is empty, or holds a
/// manifest.json of ours and nothing but the files that this names, its sources as we wrote them.
std::string refusal(const std::string& folder);

/// A temporary folder beside `target`; `commit` swaps it in, its end without a commit removes it. One whose process was
/// killed is removed by the next that writes beside it (codegen/compile/work_folder.h).
class OutputFolder {
 public:
  /// Refuses targets as `refusal` says. Makes missing parents.
  OutputFolder(const std::string& target, Diagnostics& diagnostics);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  bool ready() const { return !work_.empty(); }
  /// Where the output is written: in the temporary folder, empty at first.
  const std::string& path() const { return path_; }
  /// Writes `path()`/`name`, a new file; the reason of a failure.
  std::string write(const std::string& name, std::string_view bytes);
  /// Another program will write `path()`/`name`: what nobody announced is not removed after a kill.
  void announce(const std::string& name);
  /// Syncs, swaps with what is there, removes that. False and a diagnostic when it cannot: the old folder is then
  /// untouched.
  bool commit(Diagnostics& diagnostics);

 private:
  bool make_parents(Diagnostics& diagnostics);
  void make_work_folder(Diagnostics& diagnostics);

  std::string given_;                 ///< as the user wrote it, for messages
  std::string target_;                ///< absolute, links resolved
  std::string work_, path_;           ///< the temporary folder, and in it the output's; empty when there is none
  std::vector<std::string> parents_;  ///< made by us
  int lock_ = -1;                     ///< descriptor of the temporary folder, locked while it is ours
  int marker_ = -1;                   ///< of its marker, which lists what we write
  bool swapped_ = false;              ///< path_ holds what was at the target
};

}  // namespace deeper
