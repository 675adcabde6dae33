#include "tests/reference/random_graph.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "tests/reference/random_window.h"

namespace deeper {
namespace {

using reference::random_window;
using reference::RandomSource;
using reference::WindowText;
using reference::WindowWish;

constexpr std::string_view inception_block = R"(
blocks:
  module:
    args: {b1: int, r3: int, b3: int, b5: int, proj: int, pool: {one_of: [max, average], default: max}, act: {one_of: [relu, none], default: relu}}
    branches:
      1x1:  [{conv: {kernel: 1, out: $b1, activation: relu}}]
      3x3:  [{id: 3x3_reduce, conv: {kernel: 1, out: $r3, activation: relu}}, {conv: {kernel: 3, out: $b3, pad: same, activation: relu}}]
      5x5:  [{conv: {kernel: 5, out: $b5, pad: same, activation: $act}}]
      pool: [{pool: {kind: $pool, kernel: 3, stride: 1, pad: same}}, {id: pool_proj, conv: {kernel: 1, out: $proj, activation: $act}}]
)";

constexpr int64_t most_copies = 6;  ///< of a layer in a row

class SpecMaker {
 public:
  SpecMaker(uint64_t seed, const RandomSpecOptions& options)
      : random_(seed), options_(options), seed_(seed), budget_(options.multiply_adds) {}

  std::string make() {
    shape_ = {random_.between(3, 20), random_.between(3, 20), random_.between(1, 40)};
    const Shape input = shape_;
    std::string layers = "layers:\n";
    const int64_t count = random_.between(options_.min_layers, options_.max_layers);
    for (int64_t i = 0; i < count; ++i) layers += "  - " + trunk_layer() + "\n";
    std::string text = fmt::format("deeper: 1\nname: random_{}\ninput: {{shape: [{}, {}, {}]}}\n", seed_, input.height,
                                   input.width, input.channels);
    if (uses_block_) text += std::string(inception_block).substr(1);
    return text + layers + heads();
  }

 private:
  std::string id() { return fmt::format("l{}", ++last_id_); }

  std::string activation() {
    return random_.pick<const char*>(
        {"relu", "relu", "relu", "none", "relu6", "{leaky_relu: 0.1}", "sigmoid", "tanh", "silu", "hard_swish"});
  }

  /// As many output channels as the budget allows, and what they cost.
  int64_t channels(int64_t each) {
    const int64_t wanted = random_.between(1, 40);
    const int64_t out = std::clamp(each > 0 ? budget_ / each : wanted, int64_t{1}, wanted);
    budget_ -= out * each;
    return out;
  }

  std::string norm_keys(bool bias_default) {
    std::string keys;
    if (random_.chance(30)) {
      const char* eps = random_.pick<const char*>({"0.0009765625", "0.0078125"});
      keys += fmt::format(", batch_norm: {{eps: {}, gamma: {}}}", eps, random_.chance(70));
      if (random_.chance(20)) keys += ", bias: true";
    } else if (bias_default && random_.chance(15)) {
      keys += ", bias: false";
    }
    if (random_.chance(75)) keys += ", activation: " + activation();
    return keys;
  }

  int64_t groups() {
    if (!random_.chance(25)) return 1;
    if (random_.chance(40)) return shape_.channels;
    for (const int64_t g : {2, 3, 4, 5})
      if (shape_.channels % g == 0 && random_.chance(50)) return g;
    return 1;
  }

  /// `out`: wanted channels, 0 = any.
  std::string conv(const WindowWish& wish, int64_t out = 0) {
    const WindowText window = random_window(random_, shape_, wish);
    const int64_t g = out == 0 ? groups() : 1;
    const int64_t each =
        window.height * window.width * window.kernel.height * window.kernel.width * (shape_.channels / g);
    if (out == 0) {
      out = channels(each * g) * g;  // groups divide the outputs
      if (out > 40) out = g;
    } else {
      budget_ -= each * out;
    }
    std::string keys = fmt::format("{}, out: {}", window.text, out);
    if (g > 1) keys += fmt::format(", groups: {}", g);
    if (random_.chance(10)) keys += ", pre: relu";
    shape_ = {window.height, window.width, out};
    return fmt::format("conv: {{{}{}}}", keys, norm_keys(true));
  }

  std::string separable(const WindowWish& wish) {
    const WindowText window = random_window(random_, shape_, wish);
    const int64_t multiplier = shape_.channels <= 20 && random_.chance(30) ? 2 : 1;
    const int64_t pixels = window.height * window.width, middle = shape_.channels * multiplier;
    budget_ -= pixels * window.kernel.height * window.kernel.width * middle;
    const int64_t out = channels(pixels * middle);
    std::string keys = fmt::format("{}, out: {}", window.text, out);
    if (multiplier > 1) keys += ", depth_multiplier: 2";
    if (random_.chance(30)) keys += ", pre: relu";
    if (random_.chance(30)) keys += ", between: relu6";
    if (random_.chance(30)) keys += ", between_batch_norm: {eps: 0.0009765625}";
    shape_ = {window.height, window.width, out};
    return fmt::format("separable_conv: {{{}{}}}", keys, norm_keys(true));
  }

  std::string pool(const WindowWish& wish) {
    const WindowText window = random_window(random_, shape_, {wish.keep, wish.half, true});
    shape_ = {window.height, window.width, shape_.channels};
    if (random_.chance(50)) return fmt::format("max_pool: {{{}}}", window.text);
    return fmt::format("average_pool: {{{}{}}}", window.text, random_.chance(40) ? ", average: include_pad" : "");
  }

  std::string lrn() {
    const int64_t size = random_.between(1, 6);
    const char* alpha = random_.pick<const char*>({"0.1", "1.0e-4"});
    const char* beta = random_.pick<const char*>({"0.75", "0.5", "1.0", "0.6"});
    const char* k = random_.pick<const char*>({"1", "2", "0.5"});
    const char* mode = random_.pick<const char*>({"per_window", "per_element"});
    const char* window = size == 4 ? "pytorch" : "onnx";
    return fmt::format("lrn: {{size: {}, alpha: {}, beta: {}, k: {}, alpha_mode: {}, window: {}}}", size, alpha, beta,
                       k, mode, window);
  }

  std::string pointwise_op() {
    switch (random_.between(0, 6)) {
      case 0:
        return lrn();
      case 1:
        return random_.chance(50) ? "dropout: {rate: 0.4}" : "l2_normalize: {}";
      case 2:
        return random_.chance(30) ? "softmax: {}" : "dropout: {}";
      case 3:
        return fmt::format("batch_norm: {{eps: 0.0009765625, gamma: {}}}", random_.chance(70));
      default:
        return "activation: " + activation();
    }
  }

  /// A layer of one word, with an id.
  std::string word(const WindowWish& wish) {
    const int64_t kind = random_.between(1, 100);
    std::string text = kind <= 50   ? conv(wish)
                       : kind <= 60 ? separable(wish)
                       : kind <= 75 ? pool(wish)
                       : !wish.half ? pointwise_op()
                                    : conv(wish);
    return fmt::format("{{id: {}, {}}}", id(), text);
  }

  /// Output channels of one of `count` 3x3 convolutions that share what is left.
  int64_t affordable(int64_t count) const {
    const int64_t one = std::max(shape_.elements().value() * 9 * count, int64_t{1});
    return std::clamp(budget_ / one, int64_t{1}, int64_t{24});
  }

  /// Inside a branch (`inner`) the map stays as it is: its siblings count on that.
  std::string branches(int depth, bool inner) {
    const Shape in = shape_;
    const bool add = random_.chance(30), half = !add && !inner && random_.chance(25) && in.height > 1 && in.width > 1;
    const int64_t count = random_.between(2, depth > 0 ? 3 : 4), shared = random_.between(1, affordable(count));
    int64_t total = 0;
    std::string text;
    for (int64_t b = 0; b < count; ++b) {
      shape_ = in;
      std::string layers;
      const auto append = [&](const std::string& layer) { layers += (layers.empty() ? "" : ", ") + layer; };
      if (half) append(word({false, true, false}));
      for (int64_t i = random_.between(0, 2); i > 0; --i)
        append(depth > 0 && random_.chance(20) ? branches(depth - 1, true) : word({true, false, false}));
      if (add) {
        const std::string name = id();
        append(fmt::format("{{id: {}, {}}}", name, conv({true, false, false}, shared)));
      }
      total += shape_.channels;
      text += fmt::format("{}b{}: [{}]", b ? ", " : "", b, layers);
      if (total > 100 && b > 0) break;
    }
    shape_.channels = add ? shared : total;
    return fmt::format("{{id: {}, branches: {{{}}}{}}}", id(), text, add ? ", join: add" : "");
  }

  std::string residual() {
    const Shape in = shape_;
    const bool keep = random_.chance(60);
    const std::string name = id();
    std::string f = keep ? conv({true, false, false}, in.channels) : conv({false, true, false});
    const Shape out = shape_;
    std::string shortcut;
    if (!keep)
      shortcut = fmt::format("shortcut: [{{id: {}, conv: {{kernel: 1, stride: 2, out: {}}}}}], ", id(), out.channels);
    const char* scale = random_.pick<const char*>({"1.0", "0.17", "0.5"});
    const char* act = random_.pick<const char*>({"none", "relu", "tanh"});
    return fmt::format("{{id: {}, {}, residual: {{{}scale: {}, activation: {}}}}}", name, f, shortcut, scale, act);
  }

  std::string module() {
    uses_block_ = true;
    const int64_t pixels = shape_.height * shape_.width, in = shape_.channels;
    const int64_t b1 = channels(pixels * in), r3 = channels(pixels * in), b3 = channels(pixels * 9 * r3);
    const int64_t b5 = channels(pixels * 25 * in), proj = channels(pixels * in);
    shape_.channels = b1 + b3 + b5 + proj;
    const char* kind = random_.pick<const char*>({"max", "average"});
    const char* act = random_.pick<const char*>({"relu", "none"});
    return fmt::format("{{id: {}, use: module, with: {{b1: {}, r3: {}, b3: {}, b5: {}, proj: {}, pool: {}, act: {}}}}}",
                       id(), b1, r3, b3, b5, proj, kind, act);
  }

  /// Copies of one layer in a row, whose steps take turns in the same places. `suffix` makes its id the last one's.
  std::string repeated(std::string& suffix) {
    const int64_t copies = random_.between(3, most_copies), before = budget_;
    const std::string name = id();
    std::string layer = random_.chance(80) ? conv({true, false, false}, shape_.channels) : pool({true, false, false});
    budget_ -= (before - budget_) * (copies - 1);
    if (random_.chance(40)) layer += ", residual: {scale: 0.5, activation: relu}";
    suffix = fmt::format("_{}", copies);
    return fmt::format("{{id: {}, {}, repeat: {}}}", name, layer, copies);
  }

  std::string trunk_layer() {
    const int64_t kind = random_.between(1, 100);
    std::string text, suffix;
    if (!trunk_.empty() && random_.chance(8)) {  // reads an earlier layer instead of the one before
      const auto& [name, shape] =
          trunk_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(trunk_.size()) - 1))];
      shape_ = shape;
      const std::string own = id();
      text = fmt::format("{{id: {}, in: {}, {}}}", own, name, conv({}));
    } else {
      const int64_t same_channels = shape_.elements().value() * shape_.channels * 9;
      const bool residual_fits = same_channels < budget_, copies_fit = same_channels * most_copies < budget_;
      text = kind <= 20                    ? branches(2, false)
             : kind <= 30 && residual_fits ? residual()
             : kind <= 42                  ? module()
             : kind <= 50 && copies_fit    ? repeated(suffix)
                                           : word({});
    }
    // a layer's own id comes first in its text, whatever ids were given inside it
    const size_t begin = text.find("id: ") + 4;
    trunk_.push_back({text.substr(begin, text.find(',', begin) - begin) + suffix, shape_});
    return text;
  }

  std::string dense(int64_t most) {
    const int64_t each = shape_.height * shape_.width * shape_.channels;
    const int64_t out = std::clamp(budget_ / each, int64_t{1}, random_.between(1, most));
    const bool flatten = shape_.height > 1 || shape_.width > 1 || random_.chance(20);
    const char* order = !flatten ? "" : random_.pick<const char*>({", flatten: chw", ", flatten: hwc"});
    const std::string keys = fmt::format("out: {}{}{}", out, order, norm_keys(true));
    std::string text = fmt::format("{{id: {}, dense: {{{}}}}}", id(), keys);
    budget_ -= each * out;
    shape_ = {1, 1, out};
    return text;
  }

  std::string heads() {
    std::string last = trunk_.back().first, layers;
    const auto append = [&](const std::string& layer) { layers += (layers.empty() ? "" : ", ") + layer; };
    if (random_.chance(50)) {
      append(fmt::format("{{global_pool: {{kind: {}}}}}", random_.pick<const char*>({"average", "average", "max"})));
      shape_.height = shape_.width = 1;
    }
    if (random_.chance(30)) append("{dropout: {rate: 0.5}}");
    if (random_.chance(70)) append(dense(20));
    if (random_.chance(30)) append(dense(20));
    if (random_.chance(60)) append("{softmax: {}}");
    std::string text = fmt::format("heads:\n  main: {{from: {}, layers: [{}]}}\n", last, layers);
    if (options_.taps && random_.chance(40)) {
      const auto& [name, shape] =
          trunk_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(trunk_.size()) - 1))];
      text += fmt::format("  tap: {{from: {}, layers: [{}]}}\n", name,
                          random_.chance(30) ? "{global_pool: {kind: max}}" : "");
    }
    return text;
  }

  RandomSource random_;
  const RandomSpecOptions& options_;
  uint64_t seed_;
  Shape shape_;
  int64_t budget_;
  int last_id_ = 0;
  bool uses_block_ = false;
  std::vector<std::pair<std::string, Shape>> trunk_;
};

}  // namespace

std::string random_spec(uint64_t seed, const RandomSpecOptions& options) { return SpecMaker(seed, options).make(); }

}  // namespace deeper
