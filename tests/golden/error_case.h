// One wrong spec in one file:
//
//   # What it shows.
//   ids: unknown-key
//   options: --set classes=abc --head aux1
//   --- spec
//   ...
//   --- file blocks/x.yaml
//   ...
//   --- errors
//   net.yaml:3:4: error: ...
//
// `ids` and the part behind `--- errors` are written by UPDATE_GOLDEN=1. Other headers:
//   escapes: yes      \xHH in the spec and the files is that byte
//   fill: 2000000 #   that text so often in place of the spec's last newline
// Other parts: `--- folder NAME` and `--- link NAME TARGET`. Without `--- spec` there is no net.yaml.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace golden {

struct Part {
  std::string kind;  ///< "file", "folder" or "link"
  std::string name, text;
};

struct ErrorCase {
  std::string about;  ///< the comment lines
  std::map<std::string, std::string> headers;
  std::optional<std::string> spec;
  std::vector<Part> parts;
  std::string errors;
};

/// Fails on text that is no case, with the reason in `wrong`.
std::optional<ErrorCase> read_case(const std::string& text, std::string& wrong);

/// The same file again; reading and writing changes nothing.
std::string write_case(const ErrorCase& one);

/// Bytes of a part: escapes replaced where the case has them.
std::string bytes_of(const ErrorCase& one, const std::string& text);

}  // namespace golden
