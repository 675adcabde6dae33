// Standard error: what is said there is lost where nobody can take it, and nothing fails for that.
#pragma once
#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace deeper {

template <class... Arguments>
void talk(fmt::format_string<Arguments...> form, Arguments&&... arguments) {
  const std::string text = fmt::format(form, std::forward<Arguments>(arguments)...);
  (void)fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace deeper
