#include "dsl/params.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dsl/choice.h"
#include "dsl/expression.h"
#include "dsl/field.h"
#include "dsl/keys.h"
#include "dsl/text.h"

namespace deeper {
namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + printable(word);
  return out;
}

std::optional<ValueType> type_word(const YamlNode& node) {
  if (!node.is_scalar() || !node.plain) return std::nullopt;
  for (ValueType type : {ValueType::integer, ValueType::number, ValueType::boolean})
    if (node.text == type_name(type)) return type;
  return std::nullopt;
}

/// The type a plain scalar has by itself.
ValueType own_type(const YamlNode& node) {
  if (!node.plain) return ValueType::word;
  if (parse_int(node.text)) return ValueType::integer;
  if (parse_number(node.text)) return ValueType::number;
  return parse_bool(node.text) ? ValueType::boolean : ValueType::word;
}

bool fits(ValueType type, const YamlNode& node) {
  if (!node.is_scalar()) return false;
  const ValueType own = own_type(node);
  return own == type || (type == ValueType::number && own == ValueType::integer);
}

bool within_bounds(const YamlNode& node, Diagnostics& diagnostics) {
  const auto value = own_type(node) == ValueType::integer ? parse_int(node.text) : std::nullopt;
  if (!value || (*value <= max_int && *value >= -max_int)) return true;
  diagnostics.error("out-of-range", node.range, fmt::format("{} goes beyond 2^40 = {}", ticked(node.text), max_int));
  return false;
}

YamlNode set_value(std::string_view text, Range range) {
  YamlNode node;
  node.kind = YamlNode::Kind::scalar;
  node.plain = true;
  node.range = range;
  node.text = text;
  if (text.size() >= 2 && (text[0] == '"' || text[0] == '\'') && text.back() == text[0]) {
    node.text = text.substr(1, text.size() - 2);
    node.plain = false;
  } else if (looks_like_arithmetic(text) && !parse_int(text)) {
    const auto result = evaluate(text, [](std::string_view) { return int64_t{0}; });
    if (const int64_t* value = std::get_if<int64_t>(&result)) node.text = std::to_string(*value);
  }
  return node;
}

/// `{type: ..., default: ...}` or `{one_of: [...], default: ...}`.
void read_long_form(const YamlNode& node, Declaration& out, Diagnostics& diagnostics) {
  Fields fields(node, fmt::format("the declaration of {}", ticked(out.name)), declaration_keys, diagnostics);
  const YamlNode* type = fields.find("type");
  const YamlNode* one_of = fields.find("one_of");
  const YamlNode* fallback = fields.find("default");
  out.poison = !fields.finish();
  const auto fail = [&](Range range, std::string message, std::string help) {
    diagnostics.error("bad-declaration", range, std::move(message)).help = std::move(help);
    out.poison = true;
  };
  const std::string help = "`{type: int, default: 8}` or `{one_of: [a, b], default: a}`";
  if ((type == nullptr) == (one_of == nullptr))
    return fail(node.range, "a declaration has either `type` or `one_of`", help);
  if (type != nullptr) {
    if (const auto word = type_word(*type)) {
      out.type = *word;
    } else {
      return fail(type->range, fmt::format("a type is int, number or bool, not {}", seen(*type)), help);
    }
  } else {
    if (!one_of->is_sequence() || one_of->items.empty())
      return fail(one_of->range, "`one_of` takes a list of values", help);
    for (const YamlNode& item : one_of->items) {
      if (!item.is_scalar())
        return fail(item.range, fmt::format("`one_of` takes words and numbers, not {}", seen(item)), help);
      if (!within_bounds(item, diagnostics)) out.poison = true;
      out.one_of.push_back(item.text);
    }
    out.type = own_type(one_of->items.front());
    for (const YamlNode& item : one_of->items)
      if (own_type(item) != out.type) out.type = ValueType::word;
  }
  if (fallback == nullptr || out.poison) return;
  out.has_default = true;
  out.value = read_argument(out, *fallback, diagnostics);
  out.poison = out.value.poison;
}

void read_declaration(const YamlNode& node, Declaration& out, Diagnostics& diagnostics) {
  if (!is_identifier(out.name)) {
    diagnostics.error("bad-name", out.range, fmt::format("{} is no name for a parameter", ticked(out.name))).help =
        "letters, digits and `_`, at most 64, no digit first";
    out.poison = true;
  }
  if (node.is_poison()) {
    out.poison = true;
  } else if (node.is_mapping()) {
    read_long_form(node, out, diagnostics);
  } else if (const auto type = type_word(node)) {
    out.type = *type;
  } else if (node.is_scalar() && own_type(node) != ValueType::word) {
    out.type = own_type(node);
    out.has_default = true;
    out.value = {out.type, node.text, false, !within_bounds(node, diagnostics)};
    out.poison |= out.value.poison;
  } else {
    diagnostics.error("bad-declaration", node.range, fmt::format("{} declares no type", seen(node))).help =
        "`int`, `number`, `bool`, a plain number, `{type: int, default: 8}` or `{one_of: [a, b], default: a}`";
    out.poison = true;
  }
}

Value poisoned() {
  Value value;
  value.poison = true;
  return value;
}

/// One `--set`; true where it gave `declaration` a value.
void apply_set(const std::string& text, const std::vector<Declaration>& declarations, Scope& scope,
               std::vector<std::string>& given, Sources& sources, Diagnostics& diagnostics) {
  const Range range{sources.add("--set " + text, {}), 0, 0, 1, -1};
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    diagnostics.error("bad-set", range, "a parameter is set by NAME=VALUE");
    return;
  }
  const std::string name = text.substr(0, equals);
  const auto at = std::find_if(declarations.begin(), declarations.end(), [&](const auto& d) { return d.name == name; });
  if (at == declarations.end()) {
    std::vector<std::string_view> known;
    known.reserve(declarations.size());
    for (const Declaration& each : declarations) known.push_back(each.name);
    auto& error =
        diagnostics.error("unknown-parameter", range, fmt::format("the network has no param {}", ticked(name)));
    error.help = known.empty() ? "this network declares no `params`" : suggestion(name, known, "its params");
    return;
  }
  if (std::find(given.begin(), given.end(), name) != given.end()) {
    diagnostics.error("bad-set", range, fmt::format("{} is set twice", ticked(name)));
    return;
  }
  given.push_back(name);
  if (!at->poison)
    scope.values[name] = read_argument(*at, set_value(std::string_view(text).substr(equals + 1), range), diagnostics);
}

std::variant<int64_t, ExpressionError> look_up(std::string_view name, const Scope& scope, bool& poison,
                                               bool& from_param, bool suggest) {
  const auto at = scope.values.find(name);
  if (at == scope.values.end()) {
    std::vector<std::string_view> known;
    for (const auto& [each, value] : scope.values)
      if (suggest) known.push_back(each);
    ExpressionError error{"unknown-parameter", 0, 1, fmt::format("no {} is called {}", scope.what, ticked(name)), {}};
    error.help = suggestion(name, known, "known are");
    if (error.help.empty()) error.help = scope.none_help;
    return error;
  }
  poison |= at->second.poison;
  from_param |= at->second.from_param;
  if (at->second.poison) return int64_t{1};
  if (const auto value = parse_int(at->second.text); value && at->second.type == ValueType::integer) return *value;
  return ExpressionError{
      "bad-expression",
      0,
      1,
      fmt::format("arithmetic takes whole numbers, not the {} {}", type_name(at->second.type), ticked(at->second.text)),
      {}};
}

void substitute_scalar(YamlNode& node, const Scope& scope, Diagnostics& diagnostics) {
  const std::string_view text = node.text;
  if (text[0] == '$' && is_identifier(text.substr(1))) {  // a whole value, of any type
    const auto at = scope.values.find(text.substr(1));
    if (at != scope.values.end()) {
      node.written = std::exchange(node.text, at->second.text);
      node.from_param = at->second.from_param;
      node.plain = at->second.plain;
      if (at->second.poison) node.kind = YamlNode::Kind::poison;
      return;
    }
  }
  bool poison = false;
  const auto result = evaluate(
      text, [&](std::string_view name) { return look_up(name, scope, poison, node.from_param, !diagnostics.full()); });
  if (const auto* error = std::get_if<ExpressionError>(&result)) {
    if (!poison) {
      const Range range = part_of(node, text, error->offset, error->length);
      diagnostics.error(error->id, range, error->message).help = error->help;
    }
    node.kind = YamlNode::Kind::poison;
    return;
  }
  node.written = std::exchange(node.text, std::to_string(std::get<int64_t>(result)));
  if (poison) node.kind = YamlNode::Kind::poison;
}

}  // namespace

std::string_view type_name(ValueType type) {
  constexpr std::string_view names[] = {"int", "number", "bool", "word"};
  return names[static_cast<size_t>(type)];
}

std::vector<Declaration> read_declarations(const YamlNode& node, Diagnostics& diagnostics) {
  std::vector<Declaration> out;
  if (!expect_mapping(node, "a mapping of names", diagnostics)) return out;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    Declaration declaration;
    declaration.name = node.keys[i].text;
    declaration.range = node.keys[i].range;
    read_declaration(node.items[i], declaration, diagnostics);
    out.push_back(std::move(declaration));
  }
  return out;
}

Value read_argument(const Declaration& declaration, const YamlNode& node, Diagnostics& diagnostics) {
  if (node.is_poison()) return poisoned();
  if (!declaration.one_of.empty()) {
    const auto& words = declaration.one_of;
    if (node.is_scalar() && std::find(words.begin(), words.end(), node.text) != words.end())
      return {declaration.type, node.text, node.from_param, false, node.plain, words};
    auto& error =
        diagnostics.error("unknown-word", node.range,
                          fmt::format("{} is one of {}, not {}", ticked(declaration.name), listed(words), seen(node)));
    const std::string_view near = nearest(node.text, {words.begin(), words.end()});
    if (node.is_scalar() && !near.empty()) error.help = fmt::format("did you mean {}?", ticked(near));
    return poisoned();
  }
  if (!fits(declaration.type, node)) {
    diagnostics.error("wrong-type", node.range,
                      fmt::format("{} takes a value of type {}, not {}", ticked(declaration.name),
                                  type_name(declaration.type), seen(node)));
    return poisoned();
  }
  if (!within_bounds(node, diagnostics)) return poisoned();
  return {declaration.type, node.text, node.from_param, false};
}

Scope network_scope(const std::vector<Declaration>& declarations, const ParseOptions& options, Sources& sources,
                    Diagnostics& diagnostics, std::vector<ParamValue>& params) {
  Scope scope{"param", "this network declares no `params`", {}};
  std::vector<std::string> given;
  for (const Declaration& each : declarations)
    scope.values[each.name] = each.has_default && !each.poison ? each.value : poisoned();
  for (const std::string& text : options.set) apply_set(text, declarations, scope, given, sources, diagnostics);
  for (const Declaration& each : declarations) {
    const bool is_given = std::find(given.begin(), given.end(), each.name) != given.end();
    if (!each.has_default && !is_given && !each.poison) {
      diagnostics.error("missing-parameter", each.range, fmt::format("the param {} has no value", ticked(each.name)))
          .help = fmt::format("`--set {}=...`, or a default", each.name);
    }
    scope.values[each.name].from_param = true;
    params.push_back({each.name, scope.values[each.name].text, is_given});
  }
  return scope;
}

void substitute(YamlNode& node, const Scope& scope, Diagnostics& diagnostics) {
  if (node.is_scalar() && node.plain && node.text.find('$') != std::string::npos)
    substitute_scalar(node, scope, diagnostics);
  for (YamlNode& item : node.items) substitute(item, scope, diagnostics);
  if (is_choice(node)) choose(node, scope, diagnostics);
}

int set_trace(YamlNode& node, int trace) {
  node.range.trace = trace;
  int count = 1;
  for (NodeKey& key : node.keys) key.range.trace = trace;
  for (YamlNode& item : node.items) count += set_trace(item, trace);
  return count;
}

}  // namespace deeper
