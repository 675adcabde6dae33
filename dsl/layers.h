// What an author can write as a layer, fully resolved: every default filled in, every `$x` replaced.
// Each struct's `fields` is the one table of its keys: the reader, `expand`, the schema and the docs all walk it.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace deeper {

struct Size2 {
  int64_t height = 1;
  int64_t width = 1;
  friend bool operator==(const Size2&, const Size2&) = default;
};

/// Explicit pads in pixels, or a rule that `build` resolves once the input size is known.
struct Pad {
  enum class Mode { numbers, same, same_tf, valid };
  Mode mode = Mode::valid;
  int64_t top = 0, left = 0, bottom = 0, right = 0;
  friend bool operator==(const Pad&, const Pad&) = default;
};

enum class ActivationKind { none, relu, relu6, leaky_relu, sigmoid, tanh, silu, hard_swish, softmax };

struct ActivationSpec {
  ActivationKind kind = ActivationKind::none;
  double slope = 0;  ///< of leaky_relu, for negative inputs
  friend bool operator==(const ActivationSpec&, const ActivationSpec&) = default;
};

struct BatchNormSpec {
  double eps = 1e-3;
  bool gamma = true;
  friend bool operator==(const BatchNormSpec&, const BatchNormSpec&) = default;
};

enum class PoolKind { max, average };
enum class Rounding { floor, ceil };
enum class AverageCount { exclude_pad, include_pad };
enum class AlphaMode { per_window, per_element };
enum class LrnWindow { onnx, pytorch };  ///< whose; they differ where the size is even
enum class FlattenOrder { chw, hwc };

// Order of action: pre activation, convolution, bias, batch norm, activation.
struct ConvLayer {
  static constexpr std::string_view word = "conv";
  Size2 kernel;
  int64_t out = 0;
  Size2 stride;
  Pad pad;
  Size2 dilation;
  int64_t groups = 1;
  bool bias = true;  ///< false by default where batch_norm is given
  std::optional<BatchNormSpec> batch_norm;
  ActivationSpec pre, activation;
};

// pre, depthwise, [between_batch_norm], between, pointwise, bias, [batch_norm], activation. The depthwise half has no
// bias unless between_batch_norm gives it one.
struct SeparableConvLayer {
  static constexpr std::string_view word = "separable_conv";
  Size2 kernel;
  int64_t out = 0;
  Size2 stride;
  Pad pad;
  Size2 dilation;
  int64_t depth_multiplier = 1;
  bool bias = true;
  std::optional<BatchNormSpec> between_batch_norm, batch_norm;
  ActivationSpec pre, between, activation;
};

struct DenseLayer {
  static constexpr std::string_view word = "dense";
  int64_t out = 0;
  std::optional<FlattenOrder> flatten;  ///< required unless the input is 1x1
  bool bias = true;
  std::optional<BatchNormSpec> batch_norm;
  ActivationSpec activation;
};

struct PoolLayer {
  static constexpr std::string_view word = "pool";
  PoolKind kind = PoolKind::max;
  Size2 kernel, stride;
  Pad pad;
  Rounding rounding = Rounding::floor;
  AverageCount average = AverageCount::exclude_pad;
};

struct GlobalPoolLayer {
  static constexpr std::string_view word = "global_pool";
  PoolKind kind = PoolKind::average;
};

// y = x / (k + alpha' * sum of squares over `size` channels) ^ beta; alpha' = alpha / size, or alpha with per_element.
struct LrnLayer {
  static constexpr std::string_view word = "lrn";
  int64_t size = 5;
  double alpha = 1e-4, beta = 0.75, k = 1;
  AlphaMode alpha_mode = AlphaMode::per_window;
  LrnWindow window = LrnWindow::onnx;
};

struct BatchNormLayer {
  static constexpr std::string_view word = "batch_norm";
  BatchNormSpec norm;
};

struct ActivationLayer {
  static constexpr std::string_view word = "activation";
  ActivationSpec activation;
};

struct SoftmaxLayer {
  static constexpr std::string_view word = "softmax";
};

struct DropoutLayer {  // identity at inference
  static constexpr std::string_view word = "dropout";
  double rate = 0.5;
};

struct L2NormalizeLayer {
  static constexpr std::string_view word = "l2_normalize";
  double eps = 1e-12;  ///< lower bound of the norm
};

/// The only list of layer words.
using LayerOp = std::variant<ConvLayer, SeparableConvLayer, DenseLayer, PoolLayer, GlobalPoolLayer, LrnLayer,
                             BatchNormLayer, ActivationLayer, SoftmaxLayer, DropoutLayer, L2NormalizeLayer>;

}  // namespace deeper
