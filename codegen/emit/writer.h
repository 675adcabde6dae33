// Lines of C++ with self-closing blocks; placeholders are checked when deeper is compiled.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deeper {

class CppWriter {
 public:
  /// Closes its brace and its indentation when it goes out of scope.
  class Block {
   public:
    Block(CppWriter& writer, std::string_view end) : writer_(writer), end_(end) { ++writer_.depth_; }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
      --writer_.depth_;
      if (!end_.empty()) writer_.put(end_);
    }

   private:
    CppWriter& writer_;
    std::string end_;
  };

  /// One line, indented.
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    put(fmt::format(format, std::forward<Args>(args)...));
  }
  void blank() { text_ += '\n'; }
  /// `// text`, wrapped at the width of a page. `text` holds comment_text and our own words only.
  void comment(std::string_view text);

  /// head + parts joined by ", " + tail, wrapped between parts at the width of a page, aligned behind the head.
  void list(std::string_view head, const std::vector<std::string>& parts, std::string_view tail);

  /// "head {" ... "}".
  template <class... Args>
  [[nodiscard]] Block block(fmt::format_string<Args...> format, Args&&... args) {
    put(fmt::format(format, std::forward<Args>(args)...) + " {");
    return Block(*this, "}");
  }
  /// "head {" ... "end", for tables and namespaces.
  template <class... Args>
  [[nodiscard]] Block block_until(std::string_view end, fmt::format_string<Args...> format, Args&&... args) {
    put(fmt::format(format, std::forward<Args>(args)...) + " {");
    return Block(*this, end);
  }
  /// Deeper lines without braces: a loop's only statement, a continued call.
  [[nodiscard]] Block indented() { return Block(*this, ""); }
  /// The rest of a block whose head was written by other means.
  [[nodiscard]] Block rest_of_block() { return Block(*this, "}"); }

  std::string take() { return std::exchange(text_, {}); }

 private:
  void put(std::string_view line);

  std::string text_;
  int depth_ = 0;
};

/// A C string literal with its quotes: everything but plain ASCII as octal escapes, no trigraphs.
std::string string_literal(std::string_view text);
/// The shortest decimal of the nearest float, with its suffix: "0.1f", "1.0f".
std::string float_literal(double value);

}  // namespace deeper
