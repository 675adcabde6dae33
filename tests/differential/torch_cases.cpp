#include "tests/differential/torch_cases.h"

#include <fmt/format.h>

#include "tests/reference/random_source.h"

namespace deeper {
namespace {

using Json = nlohmann::json;
using reference::RandomSource;

Shape random_shape(RandomSource& random) {
  return {random.between(3, 14), random.between(3, 14), random.between(1, 17)};
}

/// JSON is YAML: attributes that both sides spell alike are written once.
std::string yaml(const Json& keys) {
  std::string text;
  for (const auto& [key, value] : keys.items())
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key,
                        value.is_string() ? value.get<std::string>() : value.dump());
  return text;
}

Json random_pad(RandomSource& random, int64_t height, int64_t width, bool same) {
  if (same && random.chance(40)) return "same";
  switch (random.between(0, 4)) {
    case 0:
      return "valid";
    case 1:
      return random.between(0, std::min(height, width));
    case 2:
      return Json::array({random.between(0, height), random.between(0, width)});
    case 3:
      return Json::array(
          {random.between(0, height), random.between(0, width), random.between(0, height), random.between(0, width)});
    default:
      return "same_tf";
  }
}

Json window_keys(RandomSource& random, bool pool) {
  const int64_t height = random.between(1, 3), width = random.between(1, 3);
  const bool unit = random.chance(40), odd = height % 2 == 1 && width % 2 == 1;
  Json keys{{"kernel", {height, width}}, {"stride", {1, 1}}};
  if (!unit) keys["stride"] = {random.between(1, 3), random.between(1, 3)};
  const bool same = keys["stride"] == Json::array({1, 1}) && odd;
  keys["pad"] = random_pad(random, pool ? height - 1 : height, pool ? width - 1 : width, same);
  return keys;
}

/// An activation in both spellings; the language puts slope and kind together.
std::string add_activation(RandomSource& random, Json& attributes) {
  const char* kind = random.pick<const char*>(
      {"none", "relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "hard_swish", "softmax"});
  attributes["activation"] = kind;
  if (std::string_view(kind) != "leaky_relu") return kind;
  attributes["slope"] = 0.25;
  return "{leaky_relu: 0.25}";
}

TorchCase conv(RandomSource& random) {
  TorchCase one{"", "conv", window_keys(random, false), random_shape(random), "", {{"weight", "it/weight"}}, {}, true};
  int64_t groups = 1;
  for (const int64_t g : {one.input.channels, int64_t{2}, int64_t{3}})
    if (one.input.channels % g == 0 && random.chance(20)) groups = g;
  const int64_t out = groups * random.between(1, groups > 3 ? 2 : 9);
  if (random.chance(30)) one.attributes["dilation"] = {random.between(1, 2), random.between(1, 2)};
  Json keys = one.attributes;
  keys["out"] = out;
  one.attributes["groups"] = keys["groups"] = groups;
  const bool bias = random.chance(70);
  if (bias) one.weights.push_back({"bias", "it/bias"});
  const std::string activation = add_activation(random, one.attributes);
  one.layer = fmt::format("conv: {{{}, bias: {}, activation: {}}}", yaml(keys), bias, activation);
  one.attributes.erase("kernel");               // the weight's dims say it
  one.input.height += 4, one.input.width += 4;  // a dilated window must fit
  return one;
}

TorchCase pool(RandomSource& random) {
  TorchCase one{"", "pool", window_keys(random, true), random_shape(random), "", {}, {}, true};
  one.attributes["kind"] = random.pick<const char*>({"max", "average"});
  one.attributes["rounding"] = random.pick<const char*>({"floor", "ceil"});
  Json keys = one.attributes;
  if (one.attributes["kind"] == "average")
    one.attributes["average"] = keys["average"] = random.pick<const char*>({"include_pad", "exclude_pad"});
  one.layer = fmt::format("pool: {{{}}}", yaml(keys));
  return one;
}

TorchCase dense(RandomSource& random) {
  TorchCase one{"", "dense", Json::object(), random_shape(random), "", {{"weight", "it/weight"}, {"bias", "it/bias"}},
                {}, true};
  one.attributes["flatten"] = random.pick<const char*>({"chw", "hwc"});
  const std::string order = one.attributes["flatten"];
  const std::string activation = add_activation(random, one.attributes);
  one.layer = fmt::format("dense: {{out: {}, flatten: {}, activation: {}}}", random.between(1, 9), order, activation);
  return one;
}

TorchCase lrn(RandomSource& random) {
  TorchCase one{"", "lrn", Json::object(), random_shape(random), "", {}, {}, true};
  one.attributes = {{"size", random.between(1, 9)}, {"k", 1.5}};
  one.attributes["alpha"] = random.pick({0.5, 1e-3, 2.0});
  one.attributes["beta"] = random.pick({0.75, 0.5, 1.0, 0.3});
  one.attributes["alpha_mode"] = random.pick<const char*>({"per_window", "per_element"});
  one.layer = fmt::format("lrn: {{{}, window: pytorch}}", yaml(one.attributes));
  return one;
}

TorchCase batch_norm(RandomSource& random) {
  TorchCase one{"",
                "batch_norm",
                {{"eps", 1e-3}},
                random_shape(random),
                "",
                {{"mean", "it/mean"}, {"var", "it/var"}, {"beta", "it/beta"}},
                {},
                true};
  const bool gamma = random.chance(60);
  if (gamma) one.weights.push_back({"gamma", "it/gamma"});
  one.layer = fmt::format("batch_norm: {{eps: 1.0e-3, gamma: {}}}", gamma);
  return one;
}

TorchCase simple(RandomSource& random) {
  const Shape shape = random_shape(random);
  switch (random.between(0, 3)) {
    case 0:
      return {"", "softmax", Json::object(), shape, "softmax: {}", {}, {}, true};
    case 1:
      return {"", "l2_normalize", {{"eps", 2.5}}, shape, "l2_normalize: {eps: 2.5}", {}, {}, true};
    case 2: {
      const char* kind = random.pick<const char*>({"max", "average"});
      return {"", "global_pool", {{"kind", kind}}, shape, fmt::format("global_pool: {{kind: {}}}", kind), {}, {}, true};
    }
    default: {
      Json attributes;
      const std::string activation = add_activation(random, attributes);
      attributes["kind"] = attributes["activation"];
      attributes.erase("activation");
      return {"", "activation", attributes, shape, "activation: " + activation, {}, {}, true};
    }
  }
}

TorchCase residual(RandomSource& random) {
  TorchCase one{"",
                "add",
                {{"scale", random.pick({1.0, 0.17, -2.0})}},
                random_shape(random),
                "",
                {},
                {{"a", "shortcut"}, {"b", "f"}},
                false};
  const double scale = one.attributes["scale"];
  const std::string activation = add_activation(random, one.attributes);
  one.layer = fmt::format(
      "branches: {{x: [{{id: f, conv: {{kernel: 3, pad: same, out: 5}}}}]}}, residual: {{shortcut: [{{id: shortcut, "
      "conv: {{kernel: 1, out: 5}}}}], scale: {}, activation: {}}}",
      scale, activation);
  return one;
}

TorchCase concat(RandomSource& random) {
  TorchCase one{"",   "concat", Json::object(), random_shape(random), "", {}, {{"p0", "a"}, {"p1", "b"}, {"p2", "c"}},
                false};
  one.layer = fmt::format(
      "branches: {{x: [{{id: a, conv: {{kernel: 3, pad: same, out: {}}}}}], y: [{{id: b, max_pool: {{kernel: 3, "
      "stride: 1, pad: same}}}}], z: [{{id: c, conv: {{kernel: 1, out: {}}}}}]}}",
      random.between(1, 7), random.between(1, 7));
  return one;
}

}  // namespace

std::vector<TorchCase> torch_cases(uint64_t seed, int each) {
  RandomSource random(seed);
  std::vector<TorchCase> cases;
  for (int i = 0; i < each; ++i)
    for (const auto make : {conv, conv, pool, pool, dense, lrn, batch_norm, simple, residual, concat}) {
      cases.push_back(make(random));
      cases.back().name = fmt::format("{}{}", cases.back().op, cases.size());
    }
  return cases;
}

}  // namespace deeper
