// Steps of repeated modules often do the same work on the same places: only their weights lie elsewhere. One function
// then serves them all, and what a reader reads and the C++ compiler compiles grows with the modules that differ, not
// with how often each is repeated.
#pragma once
#include <optional>

#include "codegen/schedule/schedule.h"

namespace deeper {

/// How step `follower` runs the function of step `leader`; nothing where their functions would differ in more than one
/// distance between all weights of the one and all weights of the other.
std::optional<StepCode> shared_code(const Schedule& schedule, int leader, int follower);

/// Sets `code` of every step that can run an earlier one's function, with the reason at both, and leaves out the views
/// that no function, output or head needs any more. All places are fixed by now.  Tests: tests/unit/schedule_share.cpp
void share_code(Schedule& schedule);

}  // namespace deeper
