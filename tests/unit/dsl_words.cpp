// Words of enumerations: each is read as the value that it is written for.
#include <catch2/catch.hpp>
#include <set>

#include "dsl/value.h"

namespace deeper {
namespace {

template <class Enum>
void round_trip(Enum last) {
  const std::span<const std::string_view> words = words_of(Enum{});
  REQUIRE(words.size() == static_cast<size_t>(last) + 1);
  CHECK(std::set<std::string_view>(words.begin(), words.end()).size() == words.size());
  for (size_t i = 0; i < words.size(); ++i) {
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.plain = true;
    node.text = words[i];
    Enum value = last;
    Diagnostics diagnostics;
    INFO(words[i]);
    CHECK(read_value(node, {.name = "key", .doc = "", .type = ""}, value, diagnostics));
    CHECK(static_cast<size_t>(value) == i);
    CHECK(word_of(value) == words[i]);
  }
}

TEST_CASE("every word of an enumeration reads as its value") {
  round_trip(PoolKind::average);
  round_trip(Rounding::ceil);
  round_trip(AverageCount::include_pad);
  round_trip(AlphaMode::per_element);
  round_trip(LrnWindow::pytorch);
  round_trip(FlattenOrder::hwc);
  round_trip(Filter::bilinear_align_corners);
  round_trip(ChannelOrder::gray);
  round_trip(Alpha::white);
  round_trip(WeightLayout::ohwi);
  round_trip(Branches::Join::add);
}

TEST_CASE("activations read as themselves, the last of them too") {
  for (const std::string_view word : words_of(ActivationKind{})) {
    if (word == "leaky_relu") continue;
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.plain = true;
    node.text = word;
    ActivationSpec value;
    Diagnostics diagnostics;
    CHECK(read_value(node, {.name = "activation", .doc = "", .type = ""}, value, diagnostics));
    CHECK(word_of(value.kind) == word);
  }
  CHECK(word_of(ActivationKind::softmax) == "softmax");
}

}  // namespace
}  // namespace deeper
