// Reads what clang's -fstack-usage says.
#pragma once
#include <cstdint>
#include <string_view>

namespace deeper {

/// An upper bound of the stack, in bytes, that the deepest chain of calls needs: the sum of the `deepest_chain` largest
/// frames, each with its return address. -1 when a frame has no fixed size.
int64_t stack_bound(std::string_view report);

/// NAME_run, the thread team, a worker, a step, a kernel, and what a kernel calls (logarithm and exponential in `pow`),
/// with room: the runtime has no recursion and no longer chain.
inline constexpr int deepest_chain = 8;

}  // namespace deeper
