#include "codegen/schedule/names.h"

#include <algorithm>

#include "dsl/text.h"

namespace deeper {

namespace {

// Keywords of C and C++20, lower-case macros of the C library, what unix compilers predefine in GNU mode, and names
// that generated code gives a meaning of its own.
constexpr std::string_view taken[] = {"alignas",
                                      "alignof",
                                      "and",
                                      "and_eq",
                                      "asm",
                                      "assert",
                                      "auto",
                                      "bitand",
                                      "bitor",
                                      "bool",
                                      "break",
                                      "buffers",
                                      "case",
                                      "catch",
                                      "char",
                                      "char16_t",
                                      "char32_t",
                                      "char8_t",
                                      "class",
                                      "co_await",
                                      "co_return",
                                      "co_yield",
                                      "compl",
                                      "complex",
                                      "concept",
                                      "const",
                                      "const_cast",
                                      "consteval",
                                      "constexpr",
                                      "constinit",
                                      "continue",
                                      "decltype",
                                      "default",
                                      "delete",
                                      "do",
                                      "double",
                                      "dynamic_cast",
                                      "else",
                                      "enum",
                                      "errno",
                                      "explicit",
                                      "export",
                                      "extern",
                                      "false",
                                      "float",
                                      "for",
                                      "friend",
                                      "goto",
                                      "i386",
                                      "if",
                                      "imaginary",
                                      "import",
                                      "inline",
                                      "int",
                                      "int64_t",
                                      "linux",
                                      "long",
                                      "m",
                                      "main",
                                      "mutable",
                                      "namespace",
                                      "network",
                                      "new",
                                      "noexcept",
                                      "noreturn",
                                      "not",
                                      "not_eq",
                                      "nullptr",
                                      "offsetof",
                                      "operator",
                                      "or",
                                      "or_eq",
                                      "private",
                                      "protected",
                                      "public",
                                      "register",
                                      "reinterpret_cast",
                                      "requires",
                                      "restrict",
                                      "return",
                                      "rt",
                                      "setjmp",
                                      "short",
                                      "signed",
                                      "sizeof",
                                      "static",
                                      "static_assert",
                                      "static_cast",
                                      "std",
                                      "stderr",
                                      "stdin",
                                      "stdout",
                                      "steps",
                                      "struct",
                                      "switch",
                                      "task",
                                      "template",
                                      "this",
                                      "thread_local",
                                      "throw",
                                      "true",
                                      "try",
                                      "typedef",
                                      "typeid",
                                      "typename",
                                      "typeof",
                                      "union",
                                      "unix",
                                      "unsigned",
                                      "using",
                                      "va_arg",
                                      "va_copy",
                                      "va_end",
                                      "va_start",
                                      "virtual",
                                      "void",
                                      "volatile",
                                      "wchar_t",
                                      "weights",
                                      "while",
                                      "xor",
                                      "xor_eq"};
static_assert(std::is_sorted(std::begin(taken), std::end(taken)));

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Letters, digits and single underscores between them.
std::string words(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (is_lower(c) || is_upper(c) || is_digit(c)) {
      text += c;
    } else if (!text.empty() && text.back() != '_') {
      text += '_';
    }
  }
  while (!text.empty() && text.back() == '_') text.pop_back();
  return text;
}

}  // namespace

std::string Names::unique(std::string_view path) {
  std::string name = words(path);
  const bool macro_like = std::none_of(name.begin(), name.end(), is_lower);
  if (name.empty()) {
    name = "layer";
  } else if (is_digit(name[0]) || macro_like ||
             std::binary_search(std::begin(taken), std::end(taken), std::string_view(name))) {
    name = "layer_" + name;
  }
  std::string result = name;
  for (int number = 2; !used_.insert(result).second; ++number) result = name + "_" + std::to_string(number);
  return result;
}

std::string joint_path(const std::vector<std::string>& paths) {
  std::string joint = paths.empty() ? std::string() : paths[0];
  const size_t folder = joint.rfind('/') == std::string::npos ? 0 : joint.rfind('/') + 1;
  for (size_t i = 1; i < paths.size(); ++i) {
    size_t shared = 0;
    for (size_t c = 0; c < std::min(folder, paths[i].size()) && paths[i][c] == paths[0][c]; ++c) {
      if (paths[i][c] == '/') shared = c + 1;
    }
    joint += "/" + paths[i].substr(shared);
  }
  return joint;
}

std::string comment_text(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '_' && c != '.' && c != '/' && c != '-') c = '_';
  }
  return result;
}

}  // namespace deeper
