// Weights that are numbers by themselves and none together: told before anything is built on them.
#include <catch2/catch.hpp>

#include <cmath>

#include "codegen/passes/pipeline.h"
#include "tests/unit/ir_support.h"

using namespace deeper;

namespace {

using Change = std::pair<std::string, std::vector<float>>;

/// What optimizing says, where every weight is 1 but for those given.
std::string optimized(const std::string& layer, const std::vector<Change>& changes,
                      const std::vector<std::string>& disabled = {}) {
  TestNetwork network = from_text(small_spec("4, 4, 2", {layer}, "c"));
  INFO(network.messages());
  REQUIRE(network.diagnostics.all().empty());
  for (Constant& constant : network.graph().constants) {
    std::vector<float> values(1, 1.0F);
    for (const int64_t dim : constant.dims) values.resize(values.size() * static_cast<size_t>(dim), 1.0F);
    for (const auto& [path, given] : changes)
      if (path == constant.path) std::copy(given.begin(), given.end(), values.begin());
    constant.values = std::make_shared<std::vector<float>>(std::move(values));
  }
  for (const auto& [path, given] : changes) {
    const auto& all = network.graph().constants;
    REQUIRE(std::any_of(all.begin(), all.end(), [&](const Constant& each) { return each.path == path; }));
  }
  Diagnostics diagnostics;
  PassOptions options;
  options.disabled = disabled;
  options.diagnostics = &diagnostics;
  optimize(network.graph(), options);
  std::string text;
  for (const Diagnostic& each : diagnostics.all())
    text += std::string(each.id) + ": " + each.message + " (" + each.help + ")\n";
  return text;
}

const std::string conv = "{id: c, conv: {kernel: 1, out: 3, batch_norm: {eps: 0.25}}}";
const std::string conv_with_bias = "{id: c, conv: {kernel: 1, out: 3, bias: true, batch_norm: {eps: 0.25}}}";
const std::string alone = "{id: c, batch_norm: {eps: 0.25}}";
const std::string dense = "{id: c, dense: {out: 2, flatten: chw, batch_norm: {eps: 0.25}}}";
const std::string separable = "{id: c, separable_conv: {kernel: 3, out: 2, between_batch_norm: {eps: 0.25}}}";
const std::string help = "a 32-bit float holds at most 3.4e38)\n";

}  // namespace

TEST_CASE("a variance that cannot be one is named") {
  CHECK(optimized(conv, {}).empty());
  CHECK(optimized(conv, {{"c/bn/var", {1, -0.5F}}}) ==
        "weight-variance: `c/bn/var` is -0.5 at element 1, with eps 0.25 not positive (a variance is never negative, "
        "and `c/bn/mean` is nowhere negative: mean and variance were probably exchanged)\n");
  CHECK(optimized(conv, {{"c/bn/var", {-0.125F, 1, -3}}, {"c/bn/mean", {-1}}}) ==
        "weight-variance: `c/bn/var` is -0.125 at element 0 (2 elements are) (a variance is never negative: mean and "
        "variance were probably exchanged)\n");
  CHECK(optimized(alone, {{"c/var", {-0.25F}}}).find("`c/var` is -0.25 at element 0") != std::string::npos);
  CHECK(optimized(dense, {{"c/bn/var", {1, -1}}}).find("`c/bn/var` is -1 at element 1") != std::string::npos);
  for (const std::vector<std::string>& disabled : {std::vector<std::string>{}, {"fold-batch-norm"}})
    CHECK(optimized(separable, {{"c/depthwise/bn/var", {1, -1}}}, disabled).find("`c/depthwise/bn/var` is -1") !=
          std::string::npos);
}

TEST_CASE("what a fold makes infinite is named with what it was made of") {
  const std::string scale = "`c/bn/gamma` / sqrt(`c/bn/var` + 0.25)";
  CHECK(optimized(conv, {{"c/bn/gamma", {1, 3e38F}}, {"c/weight", {1, 1, 1, 2}}}) ==
        "weight-overflow: `c/weight` times " + scale +
            " is inf at element [1, 0, 0, 1] (out, row, column, in) (fold-batch-norm computes it when the network is "
            "built: " +
            help);
  CHECK(optimized(conv, {{"c/bn/mean", {1, 1, -3e38F}}, {"c/bn/gamma", {1, 1, 4}}}) ==
        "weight-overflow: `c/bn/beta` - `c/bn/mean` * " + scale +
            " is inf at element 2 (fold-batch-norm computes it when the network is built: " + help);
  CHECK(
      optimized(conv_with_bias, {{"c/bias", {3e38F}}, {"c/bn/gamma", {-4}}})
          .starts_with("weight-overflow: `c/bn/beta` + (`c/bias` - `c/bn/mean`) * " + scale + " is -inf at element 0"));
  CHECK(
      optimized(dense, {{"c/weight", {3e38F}}, {"c/bn/gamma", {4}}}).starts_with("weight-overflow: `c/weight` times"));
}

TEST_CASE("a norm that stands alone is looked at as one that folds") {
  const std::vector<Change> huge{{"c/gamma", {3e38F}}, {"c/var", {0}}};
  for (const std::vector<std::string>& disabled : {std::vector<std::string>{}, {"fold-batch-norm"}})
    CHECK(optimized(alone, huge, disabled)
              .starts_with("weight-overflow: `c/gamma` / sqrt(`c/var` + 0.25) is inf at element 0 ("));
  CHECK(optimized(alone, {{"c/beta", {-3e38F}}, {"c/mean", {3e38F}}})
            .starts_with("weight-overflow: `c/beta` - `c/mean` * `c/gamma` / sqrt(`c/var` + 0.25) is -inf"));
  CHECK(optimized(separable, {{"c/depthwise/bn/gamma", {3e38F}}, {"c/depthwise/weight", {2}}})
            .starts_with("weight-overflow: `c/depthwise/weight` times `c/depthwise/bn/gamma`"));
  CHECK(optimized(conv, {{"c/bn/gamma", {3e38F}}, {"c/bn/var", {0}}}, {"fold-batch-norm"})
            .find("lower-for-schedule computes it") != std::string::npos);
}
