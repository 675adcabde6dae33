#include "dsl/key_tables.h"

#include <fmt/format.h>

#include <span>

#include "dsl/keys.h"
#include "dsl/layer_fields.h"

namespace deeper {
namespace {

std::string row(const KeyInfo& key, const std::string& type, const std::string& fallback) {
  const std::string shown = key.required ? "required" : fallback.empty() ? "nothing" : "`" + fallback + "`";
  return fmt::format("| `{}` | {} | {} | {} |\n", key.name, type, shown, key.doc);
}

std::string heading(std::string_view title, std::string_view about) {
  return fmt::format("\n**{}**{}{}\n\n| key | value | default | meaning |\n|---|---|---|---|\n", title,
                     about.empty() ? "" : ": ", about);
}

/// The visitor that writes rows.
struct RowWriter {
  std::string rows;

  template <class T>
  void operator()(const KeyInfo& key, T& member) {
    const std::string type = key.type.empty() ? type_text(member) : std::string(key.type);
    rows +=
        row(key, type, key.fallback.data() != nullptr ? std::string(key.fallback) : value_text(std::as_const(member)));
  }
  template <class T>
  void whole(const KeyInfo& key, T& member) {
    rows += fmt::format("| (the value itself) | {} | required | {} |\n", type_text(member), key.doc);
  }
  template <class T>
  void derive(T&, const T&) {}
};

template <class L>
std::string layer_table() {
  L layer{};
  RowWriter writer;
  fields(layer, writer);
  const std::string title = fmt::format("`{}`", L::word);
  return writer.rows.empty() ? fmt::format("\n**{}**: no keys, `{{}}`.\n", title) : heading(title, {}) + writer.rows;
}

template <class... Layers>
std::string layer_tables(std::type_identity<std::variant<Layers...>>) {
  return (layer_table<Layers>() + ...);
}

std::string table(std::string_view title, std::string_view about, std::span<const KeyInfo> keys) {
  std::string out = heading(title, about);
  for (const KeyInfo& key : keys) out += row(key, std::string(key.type), std::string(key.fallback));
  return out;
}

}  // namespace

std::string key_tables() {
  std::string out = "\n### A network and what holds its layers\n";
  out += table("A network", "", network_keys);
  out += table("`input`", "", input_keys);
  out += table("`preprocess`",
               "in this order: central_fraction, resize or letterbox, crop, channels, `(x - mean) * scale`",
               preprocess_keys);
  out += table("A declaration",
               "of `params` and `args`; also `int`, `number`, `bool`, or a plain value as its own default",
               declaration_keys);
  out += table("A block", "", block_keys);
  out += table("A layer", "beside the word that says what it is", layer_keys);
  out += table("`use`", "the layer is a block", use_keys);
  out += table("`branches`", "the layer is a fork", branches_keys);
  out += table("`residual`", "", residual_keys);
  out += table("`expect`", "of a layer, a use, a head, the network", expect_keys);
  out += table("A head", "", head_keys);
  out += table("`weights`", "", weights_keys);
  out += table("A rule of `rename`", "", rename_keys);
  out += "\n### Layers\n\n`max_pool` and `average_pool` are `pool` with that kind.\n";
  out += layer_tables(std::type_identity<LayerOp>{});
  out += "\n`batch_norm` as a key takes what the layer `batch_norm` takes.\n";
  return out;
}

}  // namespace deeper
