#include "codegen/cli/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/process.h"

namespace deeper {
namespace {

// 7 digits: what two machines' summation in double never disputes, and what a float holds.
double rounded(double value) { return std::strtod(fmt::format("{:.7g}", value).c_str(), nullptr); }

Command measuring_command(const CachedProgram& program, const std::string& input, bool pixels,
                          const std::string& folder) {
  Command command;
  command.arguments = program.command;
  std::vector<std::string>& words = command.arguments;
  if (input.ends_with(".npy")) words.emplace_back("--tensor");
  if (pixels) words.emplace_back("--pixels");
  const auto dump = [&](const std::string& what) {
    words.emplace_back("--dump");
    words.push_back(fmt::format("{0}={1}/{0}.npy", what, folder));
  };
  dump("input");
  for (const GraphHead& head : program.checked.built.graph.heads) {
    dump(head.name);
    if (head.logits != NodeId::none) dump(head.name + ".logits");
  }
  words.insert(words.end(), {"--layers", folder + "/layers.npz", "--", input});
  return command;
}

std::optional<Array> take(const std::string& path) {
  std::string reason;
  const auto bytes = read_file(path, reason);
  return bytes ? read_npy(*bytes) : std::nullopt;
}

std::optional<Measured> collect(const CachedProgram& program, const std::string& folder) {
  Measured measured;
  std::string reason;
  auto input = take(folder + "/input.npy");
  const auto archive = read_file(folder + "/layers.npz", reason);
  auto layers = archive ? read_npz(*archive) : std::nullopt;
  if (!input || !layers) return std::nullopt;
  measured.input = std::move(*input);
  measured.layers = std::move(*layers);
  for (const GraphHead& head : program.checked.built.graph.heads) {
    auto output = take(fmt::format("{}/{}.npy", folder, head.name));
    if (!output) return std::nullopt;
    MeasuredHead values{head.name, std::move(*output), {}};
    if (head.logits != NodeId::none)
      values.logits = take(fmt::format("{}/{}.logits.npy", folder, head.name)).value_or(Array{});
    measured.heads.push_back(std::move(values));
  }
  return measured;
}

}  // namespace

Scratch::Scratch(Diagnostics& diagnostics) {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "deeper-XXXXXX").string();
  if (!error && mkdtemp(name.data()) != nullptr) {
    path_ = name;
  } else {
    diagnostics.error("output-folder", {}, "cannot create a folder for temporary files");
  }
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::optional<Measured> measure(const CachedProgram& program, const std::string& input, bool pixels,
                                const Scratch& scratch, Diagnostics& diagnostics) {
  const Finished finished = run(measuring_command(program, input, pixels, scratch.path()));
  if (!finished.ok()) {
    const std::string why =
        finished.err.empty() ? finished.how() : finished.err.substr(0, finished.err.find_last_not_of('\n') + 1);
    diagnostics.error("program-failed", {}, fmt::format("{}: {}", input, why));
    return std::nullopt;
  }
  auto measured = collect(program, scratch.path());
  if (!measured)
    diagnostics.error("internal-program", {}, fmt::format("{}: the program left no readable outputs", input));
  return measured;
}

GoldenStep summary(const NamedArray& layer) {
  double sum = 0, largest = 0;
  for (const float value : layer.array.values) {
    sum += double(value);
    largest = std::max(largest, std::fabs(double(value)));
  }
  const std::vector<float>& values = layer.array.values;
  const std::string_view bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return {layer.name, rounded(values.empty() ? 0 : sum / double(values.size())), rounded(largest),
          hex_sha256(bytes).substr(0, 16)};
}

std::optional<int64_t> top1(const MeasuredHead& head) {
  const std::vector<float>& values = head.output.values;
  if (head.logits.values.empty() || values.empty()) return std::nullopt;
  return std::max_element(values.begin(), values.end()) - values.begin();
}

}  // namespace deeper
