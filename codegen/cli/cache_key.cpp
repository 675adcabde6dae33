#include "codegen/cli/cache_key.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "codegen/compile/hash.h"
#include "codegen/compile/system.h"
#include "codegen/compile/version.h"

namespace deeper {
namespace {

// Every part with its size in front, so that no two keys give one text.
struct Fold {
  std::string text;

  void add(const std::string& part) { text += fmt::format("{}:{};", part.size(), part); }
  template <class Part>
  void add(const std::vector<Part>& list) {
    text += fmt::format("{}[", list.size());
    for (const Part& part : list) add(part);
  }
};

template <class... Parts>
std::string folded(std::string_view kind, const Parts&... parts) {
  Fold fold;
  fold.add(std::string(kind));
  (fold.add(parts), ...);
  return hex_sha256(fold.text).substr(0, 32);
}

std::string stamps(const ImageLibraries& libraries) {
  std::string text;
  for (const std::string& path : {libraries.jpeg, libraries.png, libraries.zlib}) {
    struct stat info = {};
    if (!path.empty() && stat(path.c_str(), &info) == 0)
      text += fmt::format("{} {} {}.{:09}\n", path, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  }
  return text;
}

}  // namespace

ProgramKey program_key(const ArtifactOptions& how, const NetworkSpec& spec, const Toolchain& tools) {
  // A new member of these does not compile until it is decided here whether programs depend on it. Parameters are in
  // the flat text; weights and labels have a key of their own; programs of the cache have the network's
  // name; limits and notes change nothing that is built.
  const auto& [parse, build, passes, weights, labels, name, target, threads_max, embed, shows_classes, compile, cache,
               progress] = how;
  const auto& [heads, limits] = build;
  const auto& [disabled, after, diagnostics] = passes;
  return {tool_build_id(),
          tools.identity,
          stamps(image_libraries(*target)),
          std::string(target->name),
          fmt::format("{} {}", threads_max, embed),
          heads,
          disabled,
          print_yaml(spec)};
}

std::string hash_of(const ProgramKey& key) {
  const auto& [deeper, compiler, libraries, target, options, heads, without_passes, network] = key;
  return folded("program", deeper, compiler, libraries, target, options, heads, without_passes, network);
}

std::string hash_of(const WeightsKey& key) {
  const auto& [program, weights, labels] = key;
  return folded("weights", program, weights, labels);
}

}  // namespace deeper
