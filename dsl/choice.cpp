#include "dsl/choice.h"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/field.h"
#include "dsl/text.h"

namespace deeper {
namespace {

const Value* find_value(const YamlNode& node, const Scope& scope, Diagnostics& diagnostics) {
  const std::string_view name = std::string_view(node.keys[0].text).substr(1);
  const auto at = scope.values.find(name);
  if (at != scope.values.end()) return &at->second;
  std::vector<std::string_view> known;
  known.reserve(scope.values.size());
  for (const auto& [each, value] : scope.values) known.push_back(each);
  auto& error = diagnostics.error("unknown-parameter", node.keys[0].range,
                                  fmt::format("no {} is called {}", scope.what, ticked(name)));
  error.help = known.empty() ? scope.none_help : suggestion(name, known, "known are");
  return nullptr;
}

/// What the value can be; empty, with an error, where that is no short list.
std::vector<std::string> words_of_choice(const YamlNode& node, const Value& value, Diagnostics& diagnostics) {
  if (!value.one_of.empty()) return value.one_of;
  if (value.type == ValueType::boolean) return {"false", "true"};
  diagnostics
      .error(
          "wrong-type", node.keys[0].range,
          fmt::format("{} is any {}, which nothing can be chosen by", ticked(node.keys[0].text), type_name(value.type)))
      .help = "a choice goes by `{one_of: [...], default: ...}` or a bool";
  return {};
}

void mark_from_param(YamlNode& node) {
  node.from_param = true;
  for (YamlNode& item : node.items) mark_from_param(item);
}

}  // namespace

bool is_choice(const YamlNode& node) {
  return node.is_mapping() && node.keys.size() == 1 && node.keys[0].text.starts_with('$') &&
         is_identifier(std::string_view(node.keys[0].text).substr(1));
}

void choose(YamlNode& node, const Scope& scope, Diagnostics& diagnostics) {
  const Value* value = find_value(node, scope, diagnostics);
  const bool known = value != nullptr && !value->poison;
  const std::vector<std::string> words =
      known ? words_of_choice(node, *value, diagnostics) : std::vector<std::string>();
  const YamlNode& choices = node.items[0];
  if (words.empty() || !expect_mapping(choices, "a mapping of the words to values", diagnostics)) {
    node.kind = YamlNode::Kind::poison;
    return;
  }
  KeyCheck check{fmt::format("the choice by {}", ticked(node.keys[0].text)), {}, {}};
  for (const std::string& word : words) {
    check.known.push_back(word);
    if (choices.find(word) == nullptr) check.missing.push_back(word);
  }
  if (!report_keys(choices, std::move(check), diagnostics)) {
    node.kind = YamlNode::Kind::poison;
    return;
  }
  const auto flag = value->one_of.empty() ? parse_bool(value->text) : std::nullopt;
  YamlNode chosen = *choices.find(flag ? (*flag ? "true" : "false") : value->text);
  if (value->from_param) mark_from_param(chosen);
  node = std::move(chosen);
}

}  // namespace deeper
