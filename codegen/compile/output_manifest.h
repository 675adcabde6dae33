// What manifest.json says that we wrote into a folder.
#pragma once
#include <map>
#include <set>
#include <string>

namespace deeper {

struct OutputManifest {
  std::set<std::string> files;                 ///< relative, manifest.json itself too; empty = no manifest of ours
  std::map<std::string, std::string> sources;  ///< name -> SHA-256 of the text that we wrote
};

OutputManifest read_manifest(const std::string& folder);

/// The first source in `folder` whose text is not what we wrote; empty = none.
std::string changed_source(const std::string& folder, const OutputManifest& manifest);

}  // namespace deeper
