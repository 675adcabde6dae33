#include "codegen/compile/output_manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"

namespace deeper {

OutputManifest read_manifest(const std::string& folder) {
  std::string reason;
  const auto text = read_file(folder + "/manifest.json", reason, most_text_bytes);
  if (!text) return {};
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("deeper") || !json.contains("files")) return {};
  OutputManifest manifest;
  manifest.files = {"manifest.json"};
  for (const auto& file : json["files"])
    if (file.is_string()) manifest.files.insert(file.get<std::string>());
  if (const auto sources = json.find("sources"); sources != json.end() && sources->is_object())
    for (const auto& [name, hash] : sources->items())
      if (hash.is_string()) manifest.sources.emplace(name, hash.get<std::string>());
  return manifest;
}

std::string changed_source(const std::string& folder, const OutputManifest& manifest) {
  for (const auto& [name, hash] : manifest.sources) {
    std::string reason;
    if (!manifest.files.contains(name)) continue;  // could name anything
    const auto text = read_file(fmt::format("{}/{}", folder, name), reason);
    if (text && hex_sha256(*text) != hash) return name;
  }
  return "";
}

}  // namespace deeper
