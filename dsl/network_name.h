// What a network can be called: its files, its program and its C functions are named after it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace deeper {

/// NAME_open, NAME_model and so on: what the generated header declares. A test holds it against that header.
inline constexpr std::string_view interface_words[] = {
    "classify",  "close",       "context", "create", "destroy",      "label", "message", "model", "network", "open",
    "open_copy", "open_memory", "options", "output", "parallel_for", "run",   "status",  "task",  "version"};

struct NameProblem {
  std::string message, help;
};

/// Why a network cannot be called so; null = it can. A name that is a header of the system, a keyword, a CMake target
/// or a library is none: nothing of a network is called by its bare name where these are looked for.
std::optional<NameProblem> network_name_problem(std::string_view name);

}  // namespace deeper
