#include "tests/golden/error_case.h"

#include <sstream>

namespace golden {
namespace {

/// The lines up to the next part; the part's line itself stays for the caller.
std::string take_text(std::istringstream& in, std::string& line, bool& more) {
  std::string text;
  while ((more = static_cast<bool>(std::getline(in, line))) && !line.starts_with("--- ")) text += line + "\n";
  return text;
}

bool take_part(ErrorCase& one, const std::string& heading, std::string text) {
  std::istringstream words(heading.substr(4));
  std::string kind, name, rest;
  words >> kind >> name >> rest;
  if (kind == "spec") {
    one.spec = std::move(text);
  } else if (kind == "errors") {
    one.errors = std::move(text);
  } else if (kind == "file" || kind == "folder" || kind == "link") {
    one.parts.push_back({kind, name, kind == "link" ? rest : std::move(text)});
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<ErrorCase> read_case(const std::string& text, std::string& wrong) {
  ErrorCase one;
  std::istringstream in(text);
  std::string line;
  bool more = true;
  while ((more = static_cast<bool>(std::getline(in, line))) && !line.starts_with("--- ")) {
    const size_t colon = line.find(": ");
    if (line.starts_with("# ")) {
      one.about += line + "\n";
    } else if (colon != std::string::npos) {
      one.headers[line.substr(0, colon)] = line.substr(colon + 2);
    } else {
      wrong = "neither a comment nor a header: " + line;
      return std::nullopt;
    }
  }
  while (more) {
    const std::string heading = line;
    if (take_part(one, heading, take_text(in, line, more))) continue;
    wrong = "no such part: " + heading;
    return std::nullopt;
  }
  if (one.about.empty()) wrong = "the first line says what the case shows: `# ...`";
  return one.about.empty() ? std::nullopt : std::optional(one);
}

std::string write_case(const ErrorCase& one) {
  std::string out = one.about;
  for (const auto& [name, value] : one.headers) out.append(name).append(": ").append(value).append("\n");
  if (one.spec) out.append("--- spec\n").append(*one.spec);
  for (const Part& part : one.parts) {
    out.append("--- ").append(part.kind).append(" ").append(part.name);
    if (part.kind == "link") out.append(" ").append(part.text);
    out.append("\n").append(part.kind == "link" ? "" : part.text);
  }
  return out.append("--- errors\n").append(one.errors);
}

std::string bytes_of(const ErrorCase& one, const std::string& text) {
  if (one.headers.count("escapes") == 0) return text;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\x") == 0 && i + 3 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace golden
