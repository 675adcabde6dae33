// deeper golden record: writes down what a network gives for some inputs.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <set>

#include "codegen/cli/measure.h"
#include "codegen/cli/table.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/interrupt.h"
#include "codegen/compile/replace_file.h"
#include "dsl/text.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

struct RecordOptions {
  Options common;
  std::vector<std::string> inputs;
  std::string output;
  bool pixels = false;
  bool bits = false;
};

constexpr double default_tolerance = 1e-4;
constexpr size_t self_test_inputs = 3;  // whose tensors are kept for `build` to put into the weights file

struct OutputFile {
  std::string name, bytes;
};

// A short name for the files of one input, unlike those before it.
std::string stem_of(const std::string& input, std::set<std::string>& taken) {
  std::string stem;
  for (const char c : fs::path(input).stem().string())
    stem += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ? c : '_';
  std::string name = stem;
  for (int i = 2; !taken.insert(name).second; ++i) name = fmt::format("{}_{}", stem, i);
  return name;
}

// From the goldens' folder to the input, so that both can move together.
std::string relative_input(const std::string& input, const std::string& folder) {
  std::error_code error;
  const fs::path relative = fs::relative(input, folder, error);
  return error || relative.empty() ? fs::absolute(input).string() : relative.string();
}

bool finite(const Measured& measured, const std::string& input, Diagnostics& diagnostics) {
  for (const NamedArray& layer : measured.layers)
    for (const float value : layer.array.values)
      if (!std::isfinite(value)) {
        diagnostics.error("bad-goldens", {},
                          fmt::format("{}: the output of {} is not finite", input, ticked(layer.name)));
        return false;
      }
  return true;
}

bool add_file(const Scratch& scratch, const std::string& from, const std::string& name, std::vector<OutputFile>& files,
              Diagnostics& diagnostics) {
  std::string reason;
  auto bytes = read_file(scratch.path() + "/" + from, reason);
  if (!bytes) diagnostics.error("internal-program", {}, fmt::format("{}: {}", from, reason));
  if (bytes) files.push_back({name, std::move(*bytes)});
  return bytes.has_value();
}

// One input's golden and its npy files.
void record_one(const RecordOptions& options, const CachedProgram& program, const std::string& input,
                std::set<std::string>& stems, GoldenFile& file, std::vector<OutputFile>& files,
                Diagnostics& diagnostics) {
  if (find_invalid_utf8(input)) {
    diagnostics.error("bad-goldens", {}, fmt::format("{}: the name is no UTF-8 text, goldens cannot hold it", input))
        .help = "rename the file";
    return;
  }
  const Scratch scratch(diagnostics);
  if (scratch.path().empty()) return;
  const auto measured = measure(program, input, options.pixels, scratch, diagnostics);
  if (!measured || !finite(*measured, input, diagnostics)) return;
  std::string reason;
  Golden golden;
  golden.input = relative_input(input, options.output);
  golden.input_hash = hex_sha256(read_file(input, reason).value_or(""));
  golden.pixels = options.pixels;
  golden.tolerance = options.bits ? 0 : default_tolerance;
  const std::string stem = fmt::format("{}.{}", file.network, stem_of(input, stems));
  if (file.goldens.size() < self_test_inputs) {
    golden.tensor = stem + ".input.npy";
    if (!add_file(scratch, "input.npy", golden.tensor, files, diagnostics)) return;
  }
  for (const MeasuredHead& head : measured->heads) {
    GoldenHead recorded{head.head, fmt::format("{}.{}.npy", stem, head.head), "", top1(head)};
    if (!add_file(scratch, head.head + ".npy", recorded.output, files, diagnostics)) return;
    if (!head.logits.values.empty()) {
      recorded.logits = fmt::format("{}.{}.logits.npy", stem, head.head);
      if (!add_file(scratch, head.head + ".logits.npy", recorded.logits, files, diagnostics)) return;
    }
    golden.heads.push_back(std::move(recorded));
  }
  for (const NamedArray& layer : measured->layers) golden.steps.push_back(summary(layer));
  file.goldens.push_back(std::move(golden));
}

void write_all(const std::string& folder, const std::vector<OutputFile>& files, Diagnostics& diagnostics) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) diagnostics.error("output-folder", {}, fmt::format("cannot create {}: {}", folder, error.message()));
  for (const OutputFile& file : files) {
    if (diagnostics.has_errors()) return;
    if (const std::string reason = replace_file(folder + "/" + file.name, file.bytes); !reason.empty())
      diagnostics.error("output-folder", {}, fmt::format("cannot write {}/{}: {}", folder, file.name, reason));
  }
}

int run_record(const RecordOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const CachedProgram program = cached_program(options.common, sources, diagnostics);
  const InterruptGuard guard;
  GoldenFile file;
  std::vector<OutputFile> files;
  if (!diagnostics.has_errors()) {
    const NetworkSpec& spec = program.checked.spec;
    file.network = spec.name;
    file.spec_hash = spec_hash(spec);
    file.weights_hash = hash_of_weights(options.common.weights, diagnostics);
    for (const ParamValue& param : spec.params) file.params.emplace_back(param.name, param.value);
    std::set<std::string> stems;
    for (const std::string& input : options.inputs)
      record_one(options, program, input, stems, file, files, diagnostics);
  }
  if (!diagnostics.has_errors()) {
    files.push_back({file.network + ".goldens.yaml", print_goldens(file)});  // last: it names the others
    write_all(options.output, files, diagnostics);
  }
  const int status = report(diagnostics, sources, options.common.json);
  if (status == status_done && options.common.json)
    fmt::print("{{\"deeper\": 1, \"recorded\": {}}}\n", file.goldens.size());
  if (status == status_done && !options.common.json)
    print_page(fmt::format("{}/{}.goldens.yaml: {} inputs recorded\n", printable(options.output), file.network,
                           file.goldens.size()));
  return status;
}

}  // namespace

Subcommand add_golden_record(CLI::App& app) {
  CLI::App* sub =
      app.add_subcommand("record", "writes down what the network gives for some inputs, and a summary of every step");
  const auto options = std::make_shared<RecordOptions>();
  add_spec_options(*sub, options->common);
  add_build_options(*sub, options->common);
  sub->add_option("INPUT", options->inputs, "images, or .npy tensors")->required()->type_name("");
  sub->add_option("-o", options->output, "where NAME.goldens.yaml and the outputs as npy files go")
      ->required()
      ->type_name("DIR");
  sub->add_flag("--pixels", options->pixels, "the images have the network's size already");
  sub->add_flag("--bits", options->bits, "asks for the same bits instead of a difference of at most 1e-4");
  return {sub,
          "Examples:\n"
          "  deeper golden record net.yaml --weights net.safetensors -o goldens cat.jpg dog.png\n"
          "  deeper golden record net.yaml --weights net.safetensors -o goldens --bits input.npy\n"
          "and in the network's file: `goldens: goldens/net.goldens.yaml`\n\n",
          [options] { return run_record(*options); }};
}

}  // namespace deeper
