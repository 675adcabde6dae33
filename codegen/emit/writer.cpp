#include "codegen/emit/writer.h"

#include <algorithm>

namespace deeper {

namespace {

constexpr size_t page_width = 120;

/// Parts that are longer than `width`, cut at their own commas (not those of literals: none of these is that long).
std::vector<std::string> in_pieces(const std::vector<std::string>& parts, size_t width) {
  std::vector<std::string> pieces;
  for (std::string part : parts) {
    for (size_t comma = part.find(", "); part.size() > width && part[0] != '"' && comma != std::string::npos;
         comma = part.find(", ")) {
      pieces.push_back(part.substr(0, comma));
      part.erase(0, comma + 2);
    }
    pieces.push_back(part);
  }
  return pieces;
}

}  // namespace

void CppWriter::put(std::string_view line) {
  if (!line.empty()) text_.append(static_cast<size_t>(2 * depth_), ' ');
  text_ += line;
  text_ += '\n';
}

void CppWriter::comment(std::string_view text) {
  const size_t width = page_width - static_cast<size_t>(2 * depth_) - 3;
  while (!text.empty()) {
    size_t end = text.size();
    if (end > width) {
      end = text.rfind(' ', width);
      if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
    }
    put(fmt::format("// {}", text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void CppWriter::list(std::string_view head, const std::vector<std::string>& parts, std::string_view tail) {
  const size_t width = page_width - static_cast<size_t>(2 * depth_);
  const std::vector<std::string> pieces = in_pieces(parts, width - head.size() - tail.size());
  std::string text(head);
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string piece = pieces[i] + (i + 1 < pieces.size() ? "," : std::string(tail));
    const bool first = text.size() == head.size();
    if (!first && text.size() + 1 + piece.size() > width) {
      put(text);
      text = std::string(head.size(), ' ') + piece;
    } else {
      text += (first ? "" : " ") + piece;
    }
  }
  put(pieces.empty() ? text + std::string(tail) : text);
}

std::string string_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      literal += '\\';
      literal += c;
    } else if (c < ' ' || c > '~' || c == '?') {
      literal += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      literal += c;
    }
  }
  return literal + '"';
}

std::string float_literal(double value) {
  std::string text = fmt::format("{}", static_cast<float>(value));
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "f";
}

}  // namespace deeper
