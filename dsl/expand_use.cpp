#include "dsl/expand_use.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/field.h"
#include "dsl/layer_fields.h"
#include "dsl/text.h"

namespace deeper {
namespace {

const Block* find_block(const YamlNode& name, const LayerList& list, Expansions& all) {
  if (name.is_poison()) return nullptr;
  if (!name.is_scalar()) {
    all.diagnostics.error("wrong-type", name.range, fmt::format("`use` takes the name of a block, not {}", seen(name)));
    return nullptr;
  }
  const auto at = all.blocks.find(name.text);
  if (at == all.blocks.end()) {
    std::vector<std::string_view> known;
    for (const auto& [each, block] : all.blocks)
      if (!all.diagnostics.full()) known.push_back(each);
    auto& error =
        all.diagnostics.error("unknown-block", name.range, fmt::format("there is no block {}", ticked(name.text)));
    error.help =
        known.empty() ? "this network has no `blocks` and no `include`" : suggestion(name.text, known, "blocks are");
    return nullptr;
  }
  if (std::find(list.blocks.begin(), list.blocks.end(), name.text) != list.blocks.end()) {
    std::string way;
    for (std::string_view each : list.blocks) way += fmt::format("{} uses ", ticked(each));
    auto& error =
        all.diagnostics.error("block-recursion", name.range, fmt::format("block {} uses itself", ticked(name.text)));
    if (list.blocks.size() > 1) error.help = way + ticked(name.text);
    return nullptr;
  }
  return at->second.poison ? nullptr : &at->second;
}

/// The arguments of one use. Empty, with errors, where the call itself is wrong.
std::optional<Scope> read_arguments(const Block& block, const YamlNode& name, const YamlNode* with,
                                    Diagnostics& diagnostics) {
  Scope scope{fmt::format("argument of block {}", ticked(block.name)), "a block sees its own `args` only", {}};
  const YamlNode none;
  bool ok = true;
  if (with != nullptr && !expect_mapping(*with, "a mapping of arguments", diagnostics)) return std::nullopt;
  std::vector<std::string_view> known;
  std::string missing;
  for (const Declaration& each : block.args) {
    known.push_back(each.name);
    const YamlNode* given = with != nullptr ? with->find(each.name) : nullptr;
    Value& value = scope.values[each.name];
    value.poison = each.poison;
    if (each.poison) continue;
    if (given != nullptr) {
      value = read_argument(each, *given, diagnostics);
    } else if (each.has_default) {
      value = each.value;
    } else {
      missing += (missing.empty() ? "" : ", ") + ticked(each.name);
    }
  }
  for (const NodeKey& key : with != nullptr ? with->keys : std::vector<NodeKey>{}) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    auto& error = diagnostics.error("unknown-argument", key.range,
                                    fmt::format("block {} has no argument {}", ticked(block.name), ticked(key.text)));
    error.help = known.empty() ? "it takes none" : suggestion(key.text, known, "its arguments are");
    error.notes.push_back({block.range, fmt::format("block {} is here", ticked(block.name))});
    ok = false;
  }
  if (!missing.empty()) {
    auto& error = diagnostics.error("missing-argument", with != nullptr ? with->range : name.range,
                                    fmt::format("block {} needs {}", ticked(block.name), missing));
    error.notes.push_back({block.range, fmt::format("block {} is here", ticked(block.name))});
    ok = false;
  }
  return ok ? std::optional(std::move(scope)) : std::nullopt;
}

/// A copy of everything but the declarations.
YamlNode body_of(const Block& block) {
  YamlNode body;
  body.kind = YamlNode::Kind::mapping;
  body.range = block.node->range;
  for (size_t i = 0; i < block.node->keys.size(); ++i) {
    if (block.node->keys[i].text == "args") continue;
    body.keys.push_back(block.node->keys[i]);
    body.items.push_back(block.node->items[i]);
  }
  return body;
}

bool is_poisoned(const Scope& scope) {
  return std::any_of(scope.values.begin(), scope.values.end(), [](const auto& each) { return each.second.poison; });
}

bool expand_body(const YamlNode& body, const LayerList& inner, Layer& layer, Expansions& all) {
  Branches branches;
  bool ok = true;
  if (const YamlNode* layers = body.find("layers")) {
    ok = layers->is_sequence();
    branches.branches.push_back({"layers", layers->range, expand_layers(*layers, inner, all)});
  } else {
    if (const YamlNode* join = body.find("join"))
      ok = read_value(*join, {.name = "join", .doc = {}}, branches.join, all.diagnostics);
    ok &= read_branches(*body.find("branches"), inner, branches, all);
  }
  layer.body = std::move(branches);
  if (const YamlNode* residual = body.find("residual")) ok &= read_residual(*residual, inner, layer.residual, all);
  return ok;
}

}  // namespace

bool count_layer(Range range, Expansions& all) {
  if (all.stopped) return false;
  const bool layers = ++all.layers > max_layers;
  if (!layers && all.copied_nodes <= max_copied_nodes) return true;
  all.stopped = true;
  all.diagnostics.error("too-many-layers", range,
                        layers ? fmt::format("this network has more than {} layers", max_layers)
                               : fmt::format("blocks and repeats expand to more than {} values", max_copied_nodes));
  return false;
}

void copy_traced(YamlNode& copy, Expansion step, Expansions& all) {
  all.copied_nodes += set_trace(copy, all.sources.expand(std::move(step)));
}

bool claim_path(const std::string& path, Range range, Expansions& all) {
  if (path == "input") {
    all.diagnostics.error("bad-name", range, "`input` is the network's input").help = "choose another id";
    return false;
  }
  const auto [at, is_new] = all.paths.emplace(path, range);
  if (!is_new) {
    auto& error =
        all.diagnostics.error("duplicate-id", range, fmt::format("there is a layer {} already", ticked(path)));
    error.notes.push_back({at->second, "the first one is here"});
  }
  return is_new;
}

Layer make_unreadable(Layer layer) {
  layer.body = LayerOp(DropoutLayer{});
  layer.in = unknown_path;
  layer.residual.reset();
  layer.expect = {};
  return layer;
}

bool expand_use(const YamlNode& name, const YamlNode* with, const LayerList& list, Layer& layer, Expansions& all) {
  const Block* block = find_block(name, list, all);
  if (block == nullptr) return false;
  const auto scope = read_arguments(*block, name, with, all.diagnostics);
  if (!scope || !layer.named) return false;
  YamlNode body = body_of(*block);
  copy_traced(body, {name.range, fmt::format("block {}", ticked(block->name)), name.range.trace}, all);
  substitute(body, *scope, all.diagnostics);
  LayerList inner{layer.path, nullptr, false, list.depth + 1, list.blocks};
  inner.blocks.push_back(block->name);
  return expand_body(body, inner, layer, all) && !is_poisoned(*scope);
}

bool read_branches(const YamlNode& node, const LayerList& list, Branches& out, Expansions& all) {
  if (!expect_mapping(node, "a mapping of branches", all.diagnostics)) return false;
  if (node.keys.empty()) {
    all.diagnostics.error("wrong-count", node.range, "`branches` needs at least one branch");
    return false;
  }
  bool ok = true;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    Branch branch{node.keys[i].text, node.keys[i].range, {}};
    if (!is_id(branch.name)) {
      all.diagnostics.error("bad-name", branch.range, fmt::format("{} is no name for a branch", ticked(branch.name)))
          .help = "letters, digits, `_`, `.` and `-`, at most 128";
      ok = false;
    }
    LayerList inner = list;
    inner.branch = &branch.name;
    inner.depth = list.depth + 1;
    ok &= node.items[i].is_sequence();
    branch.layers = expand_layers(node.items[i], inner, all);
    out.branches.push_back(std::move(branch));
  }
  return ok;
}

bool read_residual(const YamlNode& node, const LayerList& list, std::optional<Residual>& out, Expansions& all) {
  if (out) {
    auto& error =
        all.diagnostics.error("conflicting-keys", node.range, "this use and its block both have a `residual`");
    error.notes.push_back({out->range, "the block's is here"});
    return false;
  }
  Fields fields(node, "`residual`", residual_keys, all.diagnostics);
  bool ok = fields.finish();
  Residual residual;
  residual.range = node.range;
  LayerList inner = list;
  inner.branch = nullptr;
  inner.depth = list.depth + 1;
  if (const YamlNode* shortcut = fields.find("shortcut")) {
    ok &= shortcut->is_sequence();
    residual.shortcut = expand_layers(*shortcut, inner, all);
  }
  if (const YamlNode* scale = fields.find("scale"))
    ok &= read_value(*scale, fields.info("scale"), residual.scale, all.diagnostics);
  if (const YamlNode* activation = fields.find("activation"))
    ok &= read_value(*activation, fields.info("activation"), residual.activation, all.diagnostics);
  if (ok) out = std::move(residual);
  return ok;
}

}  // namespace deeper
