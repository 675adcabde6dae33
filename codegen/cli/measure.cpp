#include "codegen/cli/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "codegen/compile/files.h"
#include "codegen/compile/process.h"
#include "codegen/compile/tensor_record.h"

namespace deeper {
namespace {

Command measuring_command(const CachedProgram& program, const std::string& input, bool pixels,
                          const std::string& folder) {
  Command command;
  command.arguments = program.command;
  std::vector<std::string>& words = command.arguments;
  if (input.ends_with(".npy")) words.insert(words.end(), {"--tensor", "--layout", "nhwc"});
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

bool finite(const Array& array) {
  return std::all_of(array.values.begin(), array.values.end(), [](float value) { return std::isfinite(value); });
}

bool all_finite(const Measured& measured) {
  return std::all_of(measured.heads.begin(), measured.heads.end(),
                     [](const MeasuredHead& head) { return finite(head.output); });
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
  if (!finished.ok()) {  // an output that is not finite is an error for people; here its steps are what is wanted
    auto unanswered = collect(program, scratch.path());
    if (unanswered && !all_finite(*unanswered)) return unanswered;
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
  const Summary found = summarize(layer.array.values);
  return {
      layer.name, found.mean, found.largest, short_hash(layer.array.values), found.probe, shape_text(layer.array.dims)};
}

size_t largest_at(const Array& array) {
  return size_t(std::max_element(array.values.begin(), array.values.end()) - array.values.begin());
}

std::optional<int64_t> top1(const MeasuredHead& head) {
  if (head.logits.values.empty() || head.output.values.empty() || !finite(head.output)) return std::nullopt;
  return int64_t(largest_at(head.output));
}

}  // namespace deeper
