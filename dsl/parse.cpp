#include "dsl/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "dsl/expand.h"
#include "dsl/field.h"
#include "dsl/layer_fields.h"
#include "dsl/load.h"
#include "dsl/network_name.h"
#include "dsl/params.h"
#include "dsl/parse_input.h"
#include "dsl/read_file.h"
#include "dsl/text.h"
#include "dsl/unused_defaults.h"

namespace deeper {
namespace {

/// One run over one root mapping. Steps stand in the order in which they need each other.
class SpecReader {
 public:
  SpecReader(YamlNode root, const ParseOptions& options, Sources& sources, Diagnostics& diagnostics, NetworkSpec& spec)
      : root_(std::move(root)),
        options_(options),
        sources_(sources),
        diagnostics_(diagnostics),
        spec_(spec),
        fields_(root_, "a network", network_keys, diagnostics),
        expansions_{blocks_, nullptr, sources, diagnostics, {}, 0, 0, false} {}

  void run() {
    if (!root_.is_mapping() || !check_version(root_, diagnostics_)) return;
    fields_.finish();
    read_texts();
    read_scope();
    if (const YamlNode* include = fields_.find("include"))
      load_includes(*include, spec_.file, trees_, blocks_, sources_, diagnostics_);
    if (const YamlNode* own = fields_.find("blocks")) add_blocks(*own, true, blocks_, diagnostics_);
    read_defaults();
    if (const YamlNode* input = fields_.find("input")) read_input(*input, spec_, diagnostics_);
    if (const YamlNode* layers = fields_.find("layers")) read_layers(*layers);
    if (const YamlNode* heads = fields_.find("heads")) read_heads(*heads);
    if (const YamlNode* weights = fields_.find("weights")) read_weights(*weights, spec_, diagnostics_);
    if (const YamlNode* expect = fields_.find("expect")) spec_.expect = read_expect(*expect, diagnostics_);
    const auto reachable = reachable_blocks(uses_, declarations_, blocks_);
    report_unused_blocks(reachable, blocks_, diagnostics_);
    report_unused_defaults(uses_, reachable, blocks_, diagnostics_);
    name_unnamed(spec_, expansions_);
    const YamlNode* layers = fields_.find("layers");
    check_references(spec_, expansions_, layers != nullptr && layers->is_sequence());
  }

 private:
  void read_text(std::string_view key, std::string& out) {
    if (const YamlNode* node = fields_.find(key)) read_value(*node, fields_.info(key), out, diagnostics_);
  }

  // A network from elsewhere names nothing outside of its folder: what it names ends up in its program.
  void keep_inside(std::string_view id, const YamlNode* node, std::string_view option, std::string& name) {
    std::string wrong;
    if (name.empty() || !path_within(spec_.file, name, wrong).empty()) return;
    diagnostics_.error(id, node->range, wrong).help =
        fmt::format("a path relative to this file, in its folder or below; `--{} FILE` names any other", option);
    name.clear();
  }

  void read_texts() {
    read_text("about", spec_.about);
    read_text("goldens", spec_.goldens);
    keep_inside("bad-goldens", fields_.find("goldens"), "goldens", spec_.goldens);
    read_text("name", spec_.name);
    const YamlNode* name = fields_.find("name");
    if (name == nullptr) return;
    spec_.name_range = name->range;
    if (!name->is_scalar()) return;
    if (const auto problem = network_name_problem(spec_.name)) {
      diagnostics_.error("bad-name", name->range, problem->message).help = problem->help;
      spec_.name.clear();
    }
  }

  /// Declares the params and puts their values into everything that may hold `$x`.
  void read_scope() {
    if (const YamlNode* params = fields_.find("params")) declarations_ = read_declarations(*params, diagnostics_);
    const Scope scope = network_scope(declarations_, options_, sources_, diagnostics_, spec_.params);
    constexpr std::string_view literal[] = {"deeper", "name", "about", "params", "include", "blocks"};
    uses_ = root_;  // what `use: $x` can name is asked of the text as written
    for (size_t i = 0; i < root_.keys.size(); ++i)
      if (std::find(std::begin(literal), std::end(literal), root_.keys[i].text) == std::end(literal))
        substitute(root_.items[i], scope, diagnostics_);
  }

  void read_defaults() {
    const YamlNode* written = fields_.find("defaults");
    if (written == nullptr || !expect_mapping(*written, "a mapping of layer words", diagnostics_)) return;
    defaults_ = *written;
    std::vector<std::string_view> known;
    for (std::string_view word : layer_words())
      if (word != ActivationLayer::word) known.push_back(word);  // its value is all it has
    for (size_t i = 0; i < defaults_.keys.size(); ++i) {
      const NodeKey& key = defaults_.keys[i];
      if (std::find(known.begin(), known.end(), key.text) == known.end()) {
        diagnostics_.error("unknown-layer", key.range, fmt::format("no layer {} takes defaults", ticked(key.text)))
            .help = suggestion(key.text, known, "those that do are");
      } else if (!check_defaults(key.text, defaults_.items[i], diagnostics_)) {
        for (YamlNode& item : defaults_.items[i].items) item.kind = YamlNode::Kind::poison;
      }
    }
    expansions_.defaults = &defaults_;
  }

  void read_layers(const YamlNode& node) {
    LayerList list;
    list.own_file = true;
    spec_.layers = expand_layers(node, list, expansions_);
    if (node.is_sequence() && node.items.empty())
      diagnostics_.error("wrong-count", node.range, "a network needs at least one layer");
  }

  void read_heads(const YamlNode& node) {
    if (!expect_mapping(node, "a mapping of heads", diagnostics_)) return;
    if (node.keys.empty()) diagnostics_.error("wrong-count", node.range, "a network needs at least one head");
    for (size_t i = 0; i < node.keys.size(); ++i) {
      Head head;
      head.name = node.keys[i].text;
      head.range = node.keys[i].range;
      if (!is_identifier(head.name)) {
        diagnostics_.error("bad-name", head.range, fmt::format("{} is no name for a head", ticked(head.name))).help =
            "letters, digits and `_`, at most 64, no digit first";
        continue;
      }
      if (head.name == "input") {
        diagnostics_.error("bad-name", head.range, "a head cannot be called `input`: what enters the network is").help =
            "`--dump input=X.npy` could mean either";
        continue;
      }
      read_head(node.items[i], head);
      spec_.heads.push_back(std::move(head));
    }
  }

  void read_head(const YamlNode& node, Head& head) {
    Fields fields(node, fmt::format("head {}", ticked(head.name)), head_keys, diagnostics_);
    fields.finish();
    const auto read = [&](std::string_view key, auto& out) {
      if (const YamlNode* value = fields.find(key)) read_value(*value, fields.info(key), out, diagnostics_);
    };
    head.from = unknown_path;
    head.from_range = head.range;
    read("optional", head.optional);
    read("loss_weight", head.loss_weight);
    read("labels", head.labels);
    if (const YamlNode* labels = fields.find("labels")) head.labels_range = labels->range;
    keep_inside("bad-labels", fields.find("labels"), "labels", head.labels);
    read("topk", head.topk);
    if (const YamlNode* from = fields.find("from")) {
      head.from_range = from->range;
      if (read_value(*from, fields.info("from"), head.from, diagnostics_) && head.from.starts_with('/'))
        head.from.erase(0, 1);
    }
    LayerList list;
    list.scope = head.name;
    list.own_file = true;
    if (const YamlNode* layers = fields.find("layers")) head.layers = expand_layers(*layers, list, expansions_);
    if (const YamlNode* expect = fields.find("expect")) head.expect = read_expect(*expect, diagnostics_);
  }

  YamlNode root_, uses_, defaults_;
  const ParseOptions& options_;
  Sources& sources_;
  Diagnostics& diagnostics_;
  NetworkSpec& spec_;
  Fields fields_;
  std::deque<YamlNode> trees_;
  Blocks blocks_;
  std::vector<Declaration> declarations_;
  Expansions expansions_;
};

NetworkSpec parse_file(FileId file, const ParseOptions& options, Sources& sources, Diagnostics& diagnostics) {
  NetworkSpec spec;
  spec.file = sources.name(file);
  if (auto root = read_yaml(file, sources, diagnostics))
    SpecReader(std::move(*root), options, sources, diagnostics, spec).run();
  return spec;
}

}  // namespace

NetworkSpec parse(const std::string& path, const ParseOptions& options, Sources& sources, Diagnostics& diagnostics) {
  if (const auto file = load_file(path, std::nullopt, sources, diagnostics))
    return parse_file(*file, options, sources, diagnostics);
  NetworkSpec spec;
  spec.file = path;
  return spec;
}

NetworkSpec parse_text(const std::string& name, std::string text, const ParseOptions& options, Sources& sources,
                       Diagnostics& diagnostics) {
  return parse_file(sources.add(name, std::move(text)), options, sources, diagnostics);
}

}  // namespace deeper
