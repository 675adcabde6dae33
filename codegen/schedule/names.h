// Names of the model -> C++ identifiers. Model names are data: nothing of them reaches the C++ but what passes through
// here or stands in an escaped string literal.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

/// Identifiers of one C++ scope. No two calls return the same one, so paths that differ get identifiers that differ.
class Names {
 public:
  /// "inception_3a/3x3_reduce" -> "inception_3a_3x3_reduce". Never a keyword, a macro-like or reserved identifier, or a
  /// name that the generated code uses itself.
  std::string unique(std::string_view path);

 private:
  std::set<std::string, std::less<>> used_;
};

/// One name for layers that are computed together: the first path, then what the others do not share with it.
/// {"a/1x1", "a/3x3"} -> "a/1x1/3x3".
std::string joint_path(const std::vector<std::string>& paths);

/// For comments: everything but [A-Za-z0-9_./-] becomes `_`.
std::string comment_text(std::string_view text);

}  // namespace deeper
