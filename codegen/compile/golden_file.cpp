#include "codegen/compile/golden_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "codegen/compile/files.h"
#include "dsl/text.h"
#include "dsl/yaml_tree.h"

namespace deeper {
namespace {

// Single quotes hold everything but line ends and control characters; in double quotes there are escapes for those.
std::string in_quotes(const std::string& text) {
  if (printable(text) != text && !find_invalid_utf8(text)) {
    // A JSON string is a YAML one.
    return escaped_controls(nlohmann::json(text).dump());
  }
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string print_head(const GoldenHead& head) {
  std::string out = fmt::format("      - {{head: {}", in_quotes(head.head));
  if (!head.output.empty()) out += fmt::format(", output: {}", in_quotes(head.output));
  if (!head.logits.empty()) out += fmt::format(", logits: {}", in_quotes(head.logits));
  if (head.top1) out += fmt::format(", top1: {}", *head.top1);
  return out + "}\n";
}

std::string print_step(const GoldenStep& step) {
  std::string out = fmt::format("      - {{path: {}, ", in_quotes(step.path));
  if (!step.shape.empty()) out += fmt::format("shape: {}, ", step.shape);
  out += fmt::format("mean: {}, largest: {}, ", number_text(step.mean), number_text(step.largest));
  if (step.probe) out += fmt::format("probe: {}, ", number_text(*step.probe));
  return out + fmt::format("hash: {}}}\n", in_quotes(step.hash));
}

std::string print_golden(const Golden& golden) {
  std::string out =
      fmt::format("  - input: {}\n    input_hash: {}\n", in_quotes(golden.input), in_quotes(golden.input_hash));
  if (golden.pixels) out += "    pixels: true\n";
  if (!golden.tensor.empty()) out += fmt::format("    tensor: {}\n", in_quotes(golden.tensor));
  if (!golden.reference.empty()) out += fmt::format("    reference: {}\n", in_quotes(golden.reference));
  out += golden.tolerance == 0 ? "    tolerance: bits\n"
                               : fmt::format("    tolerance: {{f32: {}}}\n", number_text(golden.tolerance));
  out += "    heads:\n";
  for (const GoldenHead& head : golden.heads) out += print_head(head);
  out += golden.steps.empty() ? "    steps: []\n" : "    steps:\n";
  for (const GoldenStep& step : golden.steps) out += print_step(step);
  return out;
}

/// Reads what `print_goldens` writes; anything else is an error at its place.
class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  const YamlNode* need(const YamlNode& parent, std::string_view key) {
    const YamlNode* node = parent.is_mapping() ? parent.find(key) : nullptr;
    if (node == nullptr) fail(parent.range, fmt::format("`{}:` is missing here", key));
    return node;
  }
  std::string text(const YamlNode& parent, std::string_view key) {
    const YamlNode* node = need(parent, key);
    if (node != nullptr && !node->is_scalar())
      fail(node->range, fmt::format("`{}:` takes text, not {}", key, seen(*node)));
    return node != nullptr ? node->text : "";
  }
  std::string optional_text(const YamlNode& parent, std::string_view key) {
    return parent.is_mapping() && parent.find(key) != nullptr ? text(parent, key) : "";
  }
  double number(const YamlNode& parent, std::string_view key) {
    const std::string written = text(parent, key);
    const auto value = parse_number(written);
    if (!value) fail(parent.range, fmt::format("`{}:` takes a number, not {}", key, ticked(written)));
    return value.value_or(0);
  }
  /// Optional; a file's name without a folder.
  std::string name_beside(const YamlNode& parent, std::string_view key) {
    std::string name = optional_text(parent, key);
    if (name.find('/') == std::string::npos && name != "..") return name;
    fail(parent.find(key)->range, fmt::format("`{}:` names a file beside this one, without a folder", key));
    return "";
  }
  const std::vector<YamlNode>& list(const YamlNode& parent, std::string_view key) {
    static const std::vector<YamlNode> none;
    const YamlNode* node = need(parent, key);
    if (node != nullptr && !node->is_sequence())
      fail(node->range, fmt::format("`{}:` takes a list, not {}", key, seen(*node)));
    return node != nullptr && node->is_sequence() ? node->items : none;
  }
  void fail(Range range, std::string message) {
    if (!failed_)
      diagnostics_.error("bad-goldens", range, std::move(message)).help = "`deeper golden record` writes such files";
    failed_ = true;
  }
  bool failed() const { return failed_; }

 private:
  Diagnostics& diagnostics_;
  bool failed_ = false;
};

std::optional<YamlNode> read_root(const std::string& path, Sources& sources, Diagnostics& diagnostics) {
  std::string reason;
  auto text = read_file(path, reason, most_text_bytes);
  if (!text) {
    diagnostics.error("bad-goldens", {}, fmt::format("cannot read goldens {}: {}", path, reason));
    return std::nullopt;
  }
  auto root = read_yaml(sources.add(path, std::move(*text)), sources, diagnostics);
  if (!root && !diagnostics.has_errors()) diagnostics.error("bad-goldens", {}, fmt::format("{} is empty", path));
  return root;
}

double read_tolerance(Reader& reader, const YamlNode& node) {
  const YamlNode* tolerance = reader.need(node, "tolerance");
  if (tolerance == nullptr || (tolerance->is_scalar() && tolerance->text == "bits")) return 0;
  const double value = reader.number(*tolerance, "f32");
  if (!(value > 0)) reader.fail(tolerance->range, "a tolerance is more than 0; `bits` asks for the same bits");
  return value;
}

Golden read_golden(Reader& reader, const YamlNode& node) {
  Golden golden;
  golden.range = node.range;
  golden.input = reader.text(node, "input");
  golden.input_hash = reader.text(node, "input_hash");
  golden.pixels = reader.optional_text(node, "pixels") == "true";
  golden.tensor = reader.optional_text(node, "tensor");
  golden.reference = reader.name_beside(node, "reference");
  golden.tolerance = read_tolerance(reader, node);
  for (const YamlNode& item : reader.list(node, "heads")) {
    GoldenHead head{reader.text(item, "head"), "", reader.optional_text(item, "logits"), std::nullopt};
    head.output = head.logits.empty() ? reader.text(item, "output") : reader.optional_text(item, "output");
    if (item.is_mapping() && item.find("top1") != nullptr) head.top1 = parse_int(reader.text(item, "top1"));
    golden.heads.push_back(std::move(head));
  }
  for (const YamlNode& item : reader.list(node, "steps")) {
    GoldenStep step{reader.text(item, "path"),
                    reader.number(item, "mean"),
                    reader.number(item, "largest"),
                    reader.text(item, "hash"),
                    std::nullopt,
                    reader.optional_text(item, "shape")};
    if (item.is_mapping() && item.find("probe") != nullptr) step.probe = reader.number(item, "probe");
    golden.steps.push_back(std::move(step));
  }
  return golden;
}

// A stranger's goldens name files beside them, and inputs of their network.
void keep_inside(const std::string& path, const Golden& golden, const std::string& inputs_below,
                 Diagnostics& diagnostics) {
  const auto keep = [&](const std::string& name, const std::string& root) {
    std::string wrong;
    if (name.empty() || !path_within(path, name, wrong, root).empty()) return;
    diagnostics.error("bad-goldens", golden.range, wrong).help =
        root.empty() ? "what was recorded is beside the goldens, or below"
                     : "inputs of goldens that a network names are in its folder or below; `--goldens FILE` takes any";
  };
  keep(golden.tensor, "");
  for (const GoldenHead& head : golden.heads) {
    keep(head.output, "");
    keep(head.logits, "");
  }
  if (!inputs_below.empty()) keep(golden.input, inputs_below);
}

}  // namespace

std::string print_goldens(const GoldenFile& file) {
  std::string out = "# Written by `deeper golden record`; `deeper golden check` compares with it.\ndeeper: 1\n";
  out += fmt::format("network: {}\nspec_hash: {}\nweights_hash: {}\n", in_quotes(file.network),
                     in_quotes(file.spec_hash), in_quotes(file.weights_hash));
  if (!file.spec.empty()) out += fmt::format("spec: {}\n", in_quotes(file.spec));
  if (!file.tensors.empty()) out += fmt::format("tensors: {}\n", in_quotes(file.tensors));
  out += file.params.empty() ? "params: {}\n" : "params:\n";
  for (const auto& [name, value] : file.params) out += fmt::format("  {}: {}\n", name, in_quotes(value));
  out += "goldens:\n";
  for (const Golden& golden : file.goldens) out += print_golden(golden);
  return out;
}

std::string print_tensors(const std::vector<TensorRecord>& tensors) {
  std::string out = "# The tensors that the goldens beside this file were recorded with.\ndeeper: 1\n";
  out += tensors.empty() ? "tensors: []\n" : "tensors:\n";
  for (const TensorRecord& tensor : tensors)
    out += fmt::format("  - {{path: {}, dims: {}, mean: {}, largest: {}, hash: {}, values: {}}}\n",
                       in_quotes(tensor.path), in_quotes(tensor.dims), number_text(tensor.mean),
                       number_text(tensor.largest), in_quotes(tensor.hash), in_quotes(tensor.values));
  return out;
}

std::optional<GoldenFile> read_goldens(const std::string& path, Sources& sources, Diagnostics& diagnostics,
                                       const std::string& inputs_below) {
  const int errors_before = diagnostics.error_count();
  const auto root = read_root(path, sources, diagnostics);
  if (!root) return std::nullopt;
  Reader reader(diagnostics);
  if (reader.text(*root, "deeper") != "1") reader.fail(root->range, "goldens begin with `deeper: 1`");
  GoldenFile file;
  file.network = reader.text(*root, "network");
  file.spec_hash = reader.text(*root, "spec_hash");
  file.weights_hash = reader.text(*root, "weights_hash");
  file.spec = reader.name_beside(*root, "spec");
  file.tensors = reader.name_beside(*root, "tensors");
  if (const YamlNode* params = reader.need(*root, "params"); params != nullptr && params->is_mapping())
    for (size_t i = 0; i < params->keys.size(); ++i)
      file.params.emplace_back(params->keys[i].text, params->items[i].text);
  for (const YamlNode& item : reader.list(*root, "goldens")) file.goldens.push_back(read_golden(reader, item));
  for (const Golden& golden : file.goldens) keep_inside(path, golden, inputs_below, diagnostics);
  // A key that stands twice is told by read_yaml, which goes on all the same.
  if (reader.failed() || diagnostics.error_count() > errors_before) return std::nullopt;
  return file;
}

std::optional<std::vector<TensorRecord>> read_tensors(const std::string& path, Sources& sources,
                                                      Diagnostics& diagnostics) {
  const int errors_before = diagnostics.error_count();
  const auto root = read_root(path, sources, diagnostics);
  if (!root) return std::nullopt;
  Reader reader(diagnostics);
  std::vector<TensorRecord> tensors;
  for (const YamlNode& item : reader.list(*root, "tensors"))
    tensors.push_back({reader.text(item, "path"), reader.text(item, "dims"), reader.number(item, "mean"),
                       reader.number(item, "largest"), reader.text(item, "hash"), reader.text(item, "values")});
  if (reader.failed() || diagnostics.error_count() > errors_before) return std::nullopt;
  return tensors;
}

}  // namespace deeper
