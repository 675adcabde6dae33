// deeper golden record: writes down what a network gives for some inputs.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <set>

#include "codegen/cli/golden_reference.h"
#include "codegen/cli/measure.h"
#include "codegen/cli/table.h"
#include "codegen/compile/files.h"
#include "codegen/compile/hash.h"
#include "codegen/compile/interrupt.h"
#include "codegen/compile/replace_file.h"
#include "codegen/compile/tensor_record.h"
#include "dsl/print_yaml.h"
#include "dsl/read_file.h"
#include "dsl/text.h"
#include "dsl/yaml_tree.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

struct RecordOptions {
  Options common;
  std::vector<std::string> inputs;
  std::vector<std::string> references;  ///< npz files of another engine, one an input; empty = the program runs
  std::string layout;                   ///< of the references: "nhwc", "nchw", or "" = told by shape
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
  std::error_code error;  // a folder that is not there yet stays relative unless it is made absolute first
  const fs::path to = fs::weakly_canonical(fs::absolute(input, error), error);
  const fs::path from = fs::weakly_canonical(fs::absolute(folder, error), error);
  const fs::path relative = to.lexically_relative(from);
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

// What does not depend on where the values come from.
Golden described(const RecordOptions& options, const std::string& input) {
  std::string reason;
  Golden golden;
  golden.input = relative_input(input, options.output);
  golden.input_hash = hex_sha256(read_file(input, reason).value_or(""));
  golden.pixels = options.pixels;
  golden.tolerance = options.bits ? 0 : default_tolerance;
  return golden;
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
  Golden golden = described(options, input);
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

void describe_network(const NetworkSpec& spec, const WeightStore& weights, GoldenFile& file) {
  file.network = spec.name;
  file.spec_hash = spec_hash(spec);
  file.weights_hash = weights.hash;
  for (const ParamValue& param : spec.params) file.params.emplace_back(param.name, param.value);
}

// The tensor that enters the network, where it is known without running anything.
std::optional<Array> input_tensor(const std::string& input, const Reference& reference) {
  if (reference.input || !input.ends_with(".npy")) return reference.input;
  std::string reason;
  const auto bytes = read_file(input, reason);
  return bytes ? read_npy(*bytes) : std::nullopt;
}

// The same from another engine's values.
void record_reference(const RecordOptions& options, const Lowered& lowered, size_t number, std::set<std::string>& stems,
                      GoldenFile& file, std::vector<OutputFile>& files, Diagnostics& diagnostics) {
  const std::string& input = options.inputs[number];
  std::string reason;
  if (!read_file(input, reason)) diagnostics.error("bad-goldens", {}, fmt::format("cannot read {}: {}", input, reason));
  const ReferenceLayout layout = options.layout.empty()     ? ReferenceLayout::by_shape
                                 : options.layout == "nchw" ? ReferenceLayout::nchw
                                                            : ReferenceLayout::nhwc;
  const Reference reference = read_reference(options.references[number], layout, lowered, diagnostics);
  if (diagnostics.has_errors()) return;
  Golden golden = described(options, input);
  const std::string stem = fmt::format("{}.{}", file.network, stem_of(input, stems));
  const auto add = [&](const std::string& name, std::string bytes) {
    files.push_back({name, std::move(bytes)});
    return name;
  };
  const auto tensor = input_tensor(input, reference);
  if (tensor && file.goldens.size() < self_test_inputs) golden.tensor = add(stem + ".input.npy", write_npy(*tensor));
  for (const ReferenceHead& head : reference.heads) {
    GoldenHead recorded{head.head, "", "", std::nullopt};
    if (head.output) recorded.output = add(fmt::format("{}.{}.npy", stem, head.head), write_npy(*head.output));
    if (head.logits) recorded.logits = add(fmt::format("{}.{}.logits.npy", stem, head.head), write_npy(*head.logits));
    const auto& ranked = head.output ? head.output : head.logits;
    if (head.classes && ranked) recorded.top1 = largest_at(*ranked);
    golden.heads.push_back(std::move(recorded));
  }
  golden.reference = add(stem + ".reference.npz", write_npz(reference.steps));
  for (const NamedArray& step : reference.steps) golden.steps.push_back(summary(step));
  file.goldens.push_back(std::move(golden));
}

// The network as it is now, so that a later check can tell what has changed since.
void keep_network(const Checked& checked, const WeightStore& weights, GoldenFile& file, std::vector<OutputFile>& files,
                  Diagnostics& diagnostics) {
  std::string text = print_identity(checked.spec);
  if (text.size() < max_file_bytes) {  // what could not be read again is not kept
    file.spec = file.network + ".spec.yaml";
    files.push_back({file.spec, std::move(text)});
  }
  const Graph graph = bound_graph(checked, weights, diagnostics);
  if (diagnostics.has_errors()) return;
  std::string tensors = print_tensors(record_tensors(graph));
  if (tensors.size() >= max_file_bytes) return;
  file.tensors = file.network + ".tensors.yaml";
  files.push_back({file.tensors, std::move(tensors)});
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

// Nothing is compiled or run: the schedule knows the steps' names and shapes.
void record_references(const RecordOptions& options, Sources& sources, GoldenFile& file, std::vector<OutputFile>& files,
                       Diagnostics& diagnostics) {
  const std::vector<const Target*> targets = chosen_targets(options.common, diagnostics);
  if (diagnostics.has_errors()) return;
  ArtifactOptions how = artifact_options(options.common, targets[0], diagnostics);
  how.weights.clear();
  if (diagnostics.has_errors()) return;
  const Checked checked = check_spec(options.common.spec, how.parse, how.build, sources, diagnostics);
  if (diagnostics.has_errors()) return;
  const Lowered lowered = lower(checked, how, sources, diagnostics);
  const WeightStore weights = read_weights(options.common.weights, diagnostics);
  if (diagnostics.has_errors()) return;
  describe_network(checked.spec, weights, file);
  std::set<std::string> stems;
  for (size_t i = 0; i < options.inputs.size(); ++i)
    record_reference(options, lowered, i, stems, file, files, diagnostics);
  if (!diagnostics.has_errors()) keep_network(checked, weights, file, files, diagnostics);
}

void record_runs(const RecordOptions& options, Sources& sources, GoldenFile& file, std::vector<OutputFile>& files,
                 Diagnostics& diagnostics) {
  const CachedProgram program = cached_program(options.common, sources, diagnostics);
  const InterruptGuard guard;
  if (diagnostics.has_errors()) return;
  describe_network(program.checked.spec, program.weights, file);
  std::set<std::string> stems;
  for (const std::string& input : options.inputs) record_one(options, program, input, stems, file, files, diagnostics);
  if (!diagnostics.has_errors()) keep_network(program.checked, program.weights, file, files, diagnostics);
}

// Options that exclude each other.
bool usage_ok(const RecordOptions& options) {
  const char* wrong = nullptr;
  if (!options.references.empty() && options.references.size() != options.inputs.size())
    wrong = "one --reference for each INPUT, in the same order";
  if (!options.references.empty() && options.bits) wrong = "--bits asks for bits that no other engine gives";
  if (options.references.empty() && !options.layout.empty()) wrong = "--reference-layout goes with --reference";
  if (wrong != nullptr) fmt::print(stderr, "deeper: {}\ntry: deeper golden record --help\n", wrong);
  return wrong == nullptr;
}

// Goldens that a network names follow the rule of includes (golden_file.cpp); it is better known now than at the check.
void note_inputs_elsewhere(const RecordOptions& options, const GoldenFile& file, Diagnostics& diagnostics) {
  const std::string goldens = fmt::format("{}/{}.goldens.yaml", options.output, file.network);
  std::string wrong;
  for (const Golden& golden : file.goldens) {
    if (!path_within(goldens, golden.input, wrong, options.common.spec).empty()) continue;
    diagnostics.note("bad-goldens", {}, wrong).help = fmt::format(
        "`golden check` takes it with `--goldens {}` only; inputs in the network's folder or below it finds by itself",
        goldens);
    return;
  }
}

int run_record(const RecordOptions& options) {
  if (!usage_ok(options)) return status_usage;
  Sources sources;
  Diagnostics diagnostics;
  GoldenFile file;
  std::vector<OutputFile> files;
  (options.references.empty() ? record_runs : record_references)(options, sources, file, files, diagnostics);
  const InterruptGuard guard;
  if (!diagnostics.has_errors()) {
    std::string text = print_goldens(file);
    if (text.size() >= max_file_bytes)
      diagnostics.error("bad-goldens", {}, "the steps of so many inputs do not fit into one goldens file").help =
          "record some of them into another folder";
    files.push_back({file.network + ".goldens.yaml", std::move(text)});  // last: it names the others
  }
  if (!diagnostics.has_errors()) write_all(options.output, files, diagnostics);
  if (!diagnostics.has_errors()) note_inputs_elsewhere(options, file, diagnostics);
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
  sub->add_option("--reference", options->references,
                  "another engine's values for an INPUT, an npz of arrays named after steps and heads; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  sub->add_option("--reference-layout", options->layout, "nhwc or nchw, where the arrays' shapes do not tell")
      ->type_name("LAYOUT")
      ->check(CLI::IsMember({"nhwc", "nchw"}).description(""));
  sub->add_option("-o", options->output, "where NAME.goldens.yaml and the outputs as npy files go")
      ->required()
      ->type_name("DIR");
  sub->add_flag("--pixels", options->pixels, "the images have the network's size already");
  sub->add_flag("--bits", options->bits, "asks for the same bits instead of a difference of at most 1e-4");
  return {sub,
          "Examples:\n"
          "  deeper golden record net.yaml --weights net.safetensors -o goldens cat.jpg dog.png\n"
          "  deeper golden record net.yaml --weights net.safetensors -o goldens --bits input.npy\n"
          "  deeper golden record net.yaml --weights net.safetensors -o goldens --reference torch.npz cat.jpg\n"
          "and in the network's file: `goldens: goldens/net.goldens.yaml`\n\n",
          [options] { return run_record(*options); }};
}

}  // namespace deeper
