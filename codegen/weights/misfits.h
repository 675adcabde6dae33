// What a weights file lacks and what it has too much, told so that many of a kind are one message.
#pragma once
#include <vector>

#include "codegen/weights/names.h"

namespace deeper {

/// What the messages are made from; nothing here outlives the call.
struct FileAndNetwork {
  const Graph& graph;
  const NetworkSpec& spec;
  const WeightStore& store;
  const FileNames& names;
};

/// Errors for weights that nothing of the file became (`missing`) and for tensors that became nothing; a note that
/// counts tensors of types that are not read.
void report_misfits(const FileAndNetwork& all, const std::vector<const WeightBinding*>& missing,
                    Diagnostics& diagnostics);

}  // namespace deeper
