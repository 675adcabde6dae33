// Words of the language's enumerations. Each is a switch, so that an enumerator without a word does not compile; tables
// and positions follow from it.
#include <array>

#include "dsl/value.h"

namespace deeper {
namespace {

constexpr std::string_view word(ActivationKind value) {
  switch (value) {
    case ActivationKind::none:
      return "none";
    case ActivationKind::relu:
      return "relu";
    case ActivationKind::relu6:
      return "relu6";
    case ActivationKind::leaky_relu:
      return "leaky_relu";
    case ActivationKind::sigmoid:
      return "sigmoid";
    case ActivationKind::tanh:
      return "tanh";
    case ActivationKind::silu:
      return "silu";
    case ActivationKind::hard_swish:
      return "hard_swish";
    case ActivationKind::softmax:
      return "softmax";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(PoolKind value) {
  switch (value) {
    case PoolKind::max:
      return "max";
    case PoolKind::average:
      return "average";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(Rounding value) {
  switch (value) {
    case Rounding::floor:
      return "floor";
    case Rounding::ceil:
      return "ceil";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(AverageCount value) {
  switch (value) {
    case AverageCount::exclude_pad:
      return "exclude_pad";
    case AverageCount::include_pad:
      return "include_pad";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(AlphaMode value) {
  switch (value) {
    case AlphaMode::per_window:
      return "per_window";
    case AlphaMode::per_element:
      return "per_element";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(LrnWindow value) {
  switch (value) {
    case LrnWindow::onnx:
      return "onnx";
    case LrnWindow::pytorch:
      return "pytorch";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(FlattenOrder value) {
  switch (value) {
    case FlattenOrder::chw:
      return "chw";
    case FlattenOrder::hwc:
      return "hwc";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(Filter value) {
  switch (value) {
    case Filter::bilinear:
      return "bilinear";
    case Filter::bicubic:
      return "bicubic";
    case Filter::box:
      return "box";
    case Filter::nearest:
      return "nearest";
    case Filter::opencv_bilinear:
      return "opencv_bilinear";
    case Filter::opencv_bicubic:
      return "opencv_bicubic";
    case Filter::opencv_nearest:
      return "opencv_nearest";
    case Filter::area:
      return "area";
    case Filter::tf_bilinear:
      return "tf_bilinear";
    case Filter::tf1_bilinear:
      return "tf1_bilinear";
    case Filter::bilinear_align_corners:
      return "bilinear_align_corners";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(ChannelOrder value) {
  switch (value) {
    case ChannelOrder::rgb:
      return "rgb";
    case ChannelOrder::bgr:
      return "bgr";
    case ChannelOrder::gray:
      return "gray";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(Alpha value) {
  switch (value) {
    case Alpha::drop:
      return "drop";
    case Alpha::black:
      return "black";
    case Alpha::white:
      return "white";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(WeightLayout value) {
  switch (value) {
    case WeightLayout::oihw:
      return "oihw";
    case WeightLayout::hwio:
      return "hwio";
    case WeightLayout::ohwi:
      return "ohwi";
  }
  return {};  // beyond the last
}

constexpr std::string_view word(Branches::Join value) {
  switch (value) {
    case Branches::Join::concat:
      return "concat";
    case Branches::Join::add:
      return "add";
  }
  return {};  // beyond the last
}

template <class Enum>
constexpr size_t count_words() {
  size_t count = 0;
  while (!word(static_cast<Enum>(count)).empty()) ++count;
  return count;
}

template <class Enum>
constexpr auto make_table() {
  std::array<std::string_view, count_words<Enum>()> words{};
  for (size_t i = 0; i < words.size(); ++i) words[i] = word(static_cast<Enum>(i));
  return words;
}

template <class Enum>
constexpr auto table = make_table<Enum>();

}  // namespace

std::span<const std::string_view> words_of(ActivationKind) { return table<ActivationKind>; }
std::span<const std::string_view> words_of(PoolKind) { return table<PoolKind>; }
std::span<const std::string_view> words_of(Rounding) { return table<Rounding>; }
std::span<const std::string_view> words_of(AverageCount) { return table<AverageCount>; }
std::span<const std::string_view> words_of(AlphaMode) { return table<AlphaMode>; }
std::span<const std::string_view> words_of(LrnWindow) { return table<LrnWindow>; }
std::span<const std::string_view> words_of(FlattenOrder) { return table<FlattenOrder>; }
std::span<const std::string_view> words_of(Filter) { return table<Filter>; }
std::span<const std::string_view> words_of(ChannelOrder) { return table<ChannelOrder>; }
std::span<const std::string_view> words_of(Alpha) { return table<Alpha>; }
std::span<const std::string_view> words_of(WeightLayout) { return table<WeightLayout>; }
std::span<const std::string_view> words_of(Branches::Join) { return table<Branches::Join>; }

}  // namespace deeper
