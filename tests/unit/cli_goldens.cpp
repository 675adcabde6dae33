#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "codegen/cli/golden_compare.h"
#include "codegen/cli/measure.h"

using namespace deeper;

namespace {

NamedArray layer(const std::string& name, std::vector<float> values) {
  return {name, {{int64_t(values.size())}, values}};
}

/// A golden that holds for `layers`.
Golden golden_of(const std::vector<NamedArray>& layers, double tolerance) {
  Golden golden;
  golden.tolerance = tolerance;
  for (const NamedArray& each : layers) golden.steps.push_back(summary(each));
  return golden;
}

}  // namespace

TEST_CASE("a step's summary: mean, largest magnitude, hash of the bits") {
  const GoldenStep step = summary(layer("a/1x1", {1, -4, 0.5F}));
  CHECK(step.path == "a/1x1");
  CHECK(step.mean == -0.8333333);  // 7 digits
  CHECK(step.largest == 4);
  CHECK(step.hash == summary(layer("other", {1, -4, 0.5F})).hash);
  CHECK(step.hash != summary(layer("a/1x1", {1, -4, 0.50000006F})).hash);
  CHECK(step.hash.size() == 16);
}

TEST_CASE("the most likely class; none for heads without a softmax") {
  CHECK(top1({"main", {{3}, {0.2F, 0.5F, 0.3F}}, {{3}, {1, 2, 1.5F}}}) == 1);
  CHECK_FALSE(top1({"tap", {{3}, {0.2F, 0.5F, 0.3F}}, {}}));
}

TEST_CASE("differences of arrays") {
  CHECK(difference({{2}, {1, 2}}, {{2}, {1, 2}}).same_bits);
  const Difference small = difference({{2}, {1, 2}}, {{2}, {1, 2.5F}});
  CHECK(small.largest == 0.5);
  CHECK_FALSE(small.same_bits);
  CHECK_FALSE(difference({{1}, {0.0F}}, {{1}, {-0.0F}}).same_bits);
  CHECK(std::isinf(difference({{1}, {1}}, {{2}, {1, 2}}).largest));
  CHECK(std::isinf(difference({{1}, {std::numeric_limits<float>::quiet_NaN()}}, {{1}, {1}}).largest));
}

TEST_CASE("a golden with the same bits, one within its tolerance, one beyond") {
  const Difference none{0, true}, little{5e-5, false}, much{2e-4, false};
  CHECK(allowed(none, 0));
  CHECK_FALSE(allowed(little, 0));
  CHECK(allowed(little, 1e-4));
  CHECK_FALSE(allowed(much, 1e-4));
}

TEST_CASE("the first steps that differ: by their bits, and beyond the tolerance") {
  const std::vector<NamedArray> then = {layer("a", {1, 2}), layer("b", {3, 4}), layer("c", {5, 6})};
  std::vector<NamedArray> now = then;
  CHECK(first_differences(now, golden_of(then, 1e-4)).none());
  now[0].array.values[0] = 1.0000001F;
  CHECK(first_differences(now, golden_of(then, 1e-4)).bits->now.path == "a");
  CHECK_FALSE(first_differences(now, golden_of(then, 1e-4)).beyond);
  now[1].array.values[1] = 4.5F;
  now[2].array.values[1] = 7;
  const FirstSteps found = first_differences(now, golden_of(then, 1e-4));
  CHECK(found.bits->now.path == "a");
  REQUIRE(found.beyond);
  CHECK(found.beyond->now.path == "b");
  CHECK(found.beyond->now.largest == 4.5);
  CHECK(found.beyond->then.largest == 4);
  CHECK(first_differences(now, golden_of(then, 0)).bits->now.path == "a");
  CHECK_FALSE(first_differences(now, golden_of(then, 0)).beyond);
}

TEST_CASE("the same values in another order are another step, beyond the tolerance too") {
  std::vector<float> values;
  for (int i = 0; i < 64; ++i) values.push_back(float(i % 7) - 2.5F);
  std::vector<float> exchanged(values.begin() + 32, values.end());
  exchanged.insert(exchanged.end(), values.begin(), values.begin() + 32);
  const Golden golden = golden_of({layer("concat", values)}, 1e-4);
  CHECK(golden.steps[0].mean == summary(layer("concat", exchanged)).mean);
  CHECK(golden.steps[0].largest == summary(layer("concat", exchanged)).largest);
  const FirstSteps found = first_differences(std::vector{layer("concat", exchanged)}, golden);
  CHECK(found.bits->now.path == "concat");
  CHECK(found.beyond->now.path == "concat");
}

TEST_CASE("layers that one of both does not have are passed over, unless they are new") {
  const std::vector<NamedArray> then = {layer("folded", {1}), layer("b", {3, 4})};
  const std::vector<NamedArray> now = {layer("new", {9}), layer("b", {3, 8})};
  CHECK(first_differences(now, golden_of(then, 1e-4)).bits->now.path == "b");
  CHECK(first_differences(now, golden_of(then, 1e-4), {"new"}).bits->now.path == "new");
}

TEST_CASE("another engine's values: value by value, as a share of the largest one") {
  const std::vector<NamedArray> reference = {layer("a", {1, 2}), layer("b", {1000, 4})};
  std::vector<NamedArray> now = {layer("a", {1.00005F, 2}), layer("b", {1000.05F, 4}), layer("c", {1})};
  CHECK(first_differences(now, reference, 1e-4).none());
  now[1].array.values[1] = 4.2F;
  const FirstSteps found = first_differences(now, reference, 1e-4);
  CHECK_FALSE(found.bits);
  CHECK(found.beyond->now.path == "b");
}

TEST_CASE("a step's shape that changed is beyond any tolerance") {
  const Golden golden = golden_of({{"a", {{2, 3, 1}, {1, 1, 1, 1, 1, 1}}}}, 1e-4);
  CHECK(golden.steps[0].shape == "2x3x1");
  CHECK(first_differences(std::vector<NamedArray>{{"a", {{3, 2, 1}, {1, 1, 1, 1, 1, 1}}}}, golden).beyond);
}
