// Ids are types of their own: a node is never a buffer.
#pragma once

namespace deeper {

enum class NodeId : int { none = -1 };
enum class ConstantId : int { none = -1 };
enum class BufferId : int { none = -1 };

template <class Id>
constexpr int index(Id id) {
  return static_cast<int>(id);
}

}  // namespace deeper
