// Versions of the static libraries that decode pictures: a hole in one of them is mended by building programs anew, and
// somebody has to find out which ones.
#include <fmt/format.h>

#include <string_view>

#include "codegen/compile/files.h"
#include "codegen/compile/system.h"

namespace deeper {
namespace {

// What stands behind `key` at the begin of a line of `text`; empty when there is none.
std::string field(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at > 0 && text[at - 1] != '\n') continue;
    const std::string_view rest = text.substr(at + key.size());
    return std::string(rest.substr(0, rest.find('\n')));
  }
  return "";
}

// "NAME VERSION" of an installed package for an architecture of the machine, by the package manager's list.
std::string package_text(const std::string& packages, const std::string& name) {
  const std::string begin = "Package: " + name + "\n";
  for (size_t at = packages.find(begin); at != std::string::npos; at = packages.find(begin, at + 1)) {
    if (at > 0 && packages[at - 1] != '\n') continue;
    const std::string_view entry = std::string_view(packages).substr(at, packages.find("\n\n", at) - at);
    if (field(entry, "Status: ") == "install ok installed") return name + " " + field(entry, "Version: ");
  }
  return "";
}

std::string text_of(const std::string& path) {
  std::string reason;
  return read_file(path, reason).value_or("");
}

}  // namespace

std::vector<LibraryVersion> image_library_versions(const Target& target) {
  struct Known {
    const char *name, *description, *package;
  };
  constexpr Known known[] = {{"libjpeg-turbo", "libjpeg", "libjpeg62-turbo-dev"},
                             {"libpng", "libpng16", "libpng-dev"},
                             {"zlib", "zlib", "zlib1g-dev"}};
  std::vector<LibraryVersion> versions;
  if (!image_libraries(target).all()) return versions;
  const std::string packages = text_of("/var/lib/dpkg/status");
  for (const Known& each : known) {
    const std::string description =
        text_of(fmt::format("/usr/lib/{}/pkgconfig/{}.pc", target.triple, each.description));
    versions.push_back({each.name, field(description, "Version: "), package_text(packages, each.package)});
  }
  return versions;
}

}  // namespace deeper
