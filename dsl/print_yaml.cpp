// The flat network as YAML: everything that is implicit elsewhere is written, in one order.
#include "dsl/print_yaml.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/layer_fields.h"
#include "dsl/parse.h"
#include "dsl/text.h"

namespace deeper {
namespace {

struct PrintOptions {
  bool everything = true;   ///< false: only what the spec hash is made of
  bool overridden = false;  ///< by --set: plain figures of `expect` no longer count
};

std::string list_text(const std::vector<double>& values) {
  std::string out;
  for (double value : values) out += (out.empty() ? "" : ", ") + value_text(value);
  return "[" + out + "]";
}

std::string expect_text(const Expect& expect, const PrintOptions& options) {
  std::string out;
  const auto add = [&](std::string_view key, const std::string& value) {
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", key, value);
  };
  const auto counts = [&](bool with_params) { return options.everything && (with_params || !options.overridden); };
  if (expect.out && counts(expect.out->with_params)) {
    const auto& [h, w, c] = expect.out->value;
    add("out", fmt::format("[{}, {}, {}]", h, w, c));
  }
  if (expect.params && counts(expect.params->with_params)) add("params", value_text(expect.params->value));
  if (expect.macs && counts(expect.macs->with_params)) add("macs", value_text(expect.macs->value));
  return out.empty() ? out : "{" + out + "}";
}

class Printer {
 public:
  Printer(const NetworkSpec& spec, bool everything) : spec_(spec) {
    options_.everything = everything;
    options_.overridden =
        std::any_of(spec.params.begin(), spec.params.end(), [](const auto& param) { return param.overridden; });
  }

  std::string run() {
    line(0, "deeper: 1");
    line(0, "name: " + value_text(spec_.name));
    if (options_.everything && !spec_.about.empty()) line(0, "about: " + value_text(spec_.about));
    print_input();
    print_list(0, "layers", spec_.layers);
    print_heads();
    print_weights();
    print_expect(0, spec_.expect);
    if (options_.everything && !spec_.goldens.empty()) line(0, "goldens: " + value_text(spec_.goldens));
    return std::move(out_);
  }

 private:
  void line(int indent, std::string_view text) {
    out_.append(static_cast<size_t>(indent), ' ');
    out_ += text;
    out_ += '\n';
  }

  void print_expect(int indent, const Expect& expect) {
    const std::string text = expect_text(expect, options_);
    if (!text.empty()) line(indent, "expect: " + text);
  }

  void print_input() {
    line(0, "input:");
    line(2, fmt::format("shape: [{}, {}, {}]", spec_.input[0], spec_.input[1], spec_.input[2]));
    if (!spec_.preprocess) return;
    const Preprocess& p = *spec_.preprocess;
    std::string text;
    if (p.central_fraction) text += fmt::format("central_fraction: {}, ", value_text(*p.central_fraction));
    if (p.resize_short) text += fmt::format("resize: {}, ", *p.resize_short);
    if (p.resize_warp) text += fmt::format("resize: {}, ", value_text(*p.resize_warp));
    if (p.letterbox) text += fmt::format("letterbox: {}, fill: {}, ", value_text(*p.letterbox), list_text(p.fill));
    if (p.crop) text += fmt::format("crop: {}, ", value_text(*p.crop));
    text += fmt::format("filter: {}, channels: {}, alpha: {}, mean: {}, scale: {}", word_of(p.filter),
                        word_of(p.channels), word_of(p.alpha), list_text(p.mean), list_text(p.scale));
    line(2, "preprocess: {" + text + "}");
  }

  void print_list(int indent, std::string_view key, const std::vector<Layer>& layers) {
    line(indent, fmt::format("{}:{}", key, layers.empty() ? " []" : ""));
    for (const Layer& layer : layers) print_layer(indent + 2, layer);
  }

  /// On one line where nothing in it holds other layers.
  void print_layer(int indent, const Layer& layer) {
    const auto* op = std::get_if<LayerOp>(&layer.body);
    if (op == nullptr || (layer.residual && !layer.residual->shortcut.empty())) return print_nested(indent, layer);
    std::string text = "- {id: " + value_text(layer.path);
    if (!layer.in.empty()) text += ", in: " + value_text("/" + layer.in);
    text += ", " + layer_op_text(*op);
    if (layer.residual) text += ", residual: {shortcut: [], " + residual_text(*layer.residual) + "}";
    const std::string expect = expect_text(layer.expect, options_);
    line(indent, text + (expect.empty() ? "" : ", expect: " + expect) + "}");
  }

  static std::string residual_text(const Residual& residual) {
    return fmt::format("scale: {}, activation: {}", value_text(residual.scale), value_text(residual.activation));
  }

  void print_nested(int indent, const Layer& layer) {
    line(indent, "- id: " + value_text(layer.path));
    if (!layer.in.empty()) line(indent + 2, "in: " + value_text("/" + layer.in));
    if (const auto* op = std::get_if<LayerOp>(&layer.body)) {
      line(indent + 2, layer_op_text(*op));
    } else {
      const Branches& branches = std::get<Branches>(layer.body);
      line(indent + 2, "branches:");
      for (const Branch& branch : branches.branches) print_list(indent + 4, value_text(branch.name), branch.layers);
      line(indent + 2, fmt::format("join: {}", word_of(branches.join)));
    }
    if (layer.residual) {
      line(indent + 2, "residual:");
      print_list(indent + 4, "shortcut", layer.residual->shortcut);
      line(indent + 4, "scale: " + value_text(layer.residual->scale));
      line(indent + 4, "activation: " + value_text(layer.residual->activation));
    }
    print_expect(indent + 2, layer.expect);
  }

  void print_heads() {
    line(0, "heads:");
    for (const Head& head : spec_.heads) {
      line(2, value_text(head.name) + ":");
      line(4, "from: " + value_text(head.from));
      line(4, "optional: " + value_text(head.optional));
      if (head.loss_weight) line(4, "loss_weight: " + value_text(*head.loss_weight));
      print_list(4, "layers", head.layers);
      if (options_.everything && !head.labels.empty()) line(4, "labels: " + value_text(head.labels));
      line(4, "topk: " + value_text(head.topk));
      print_expect(4, head.expect);
    }
  }

  void print_weights() {
    line(0, "weights:");
    line(2, fmt::format("layout: {}", word_of(spec_.layout)));
    line(2, spec_.rename.empty() ? "rename: []" : "rename:");
    for (const RenameRule& rule : spec_.rename)
      line(4, fmt::format("- {{from: {}, to: {}{}}}", value_text(rule.from), value_text(rule.to),
                          rule.more ? ", more: true" : ""));
    if (!options_.everything) return;  // what is passed over changes no result
    std::string ignored;
    for (const IgnorePattern& each : spec_.ignore) ignored += (ignored.empty() ? "" : ", ") + value_text(each.pattern);
    line(2, fmt::format("ignore: [{}]", ignored));
  }

  const NetworkSpec& spec_;
  PrintOptions options_;
  std::string out_;
};

}  // namespace

std::string print_yaml(const NetworkSpec& spec) { return Printer(spec, true).run(); }
std::string print_identity(const NetworkSpec& spec) { return Printer(spec, false).run(); }

}  // namespace deeper
