// Shape rules and words of the ops.
#include <catch2/catch.hpp>

#include "codegen/ops/op.h"

using namespace deeper;

TEST_CASE("windows round down, or up as Caffe and PyTorch do") {
  // in, span, stride, pad before, pad after
  CHECK(window_count(112, 3, 2, 0, 0, Rounding::floor) == 55);
  CHECK(window_count(112, 3, 2, 0, 0, Rounding::ceil) == 56);  // GoogLeNet's pool1
  CHECK(window_count(7, 3, 2, 0, 0, Rounding::ceil) == 3);     // fits exactly
  CHECK(window_count(4, 2, 3, 1, 1, Rounding::ceil) == 2);     // a third would begin in the bottom padding
  CHECK(window_count(5, 1, 2, 0, 3, Rounding::ceil) == 4);     // of five, they take back one only
  CHECK(window_count(3, 3, 1, 0, 0, Rounding::floor) == 1);
  CHECK(window_count(2, 3, 1, 0, 0, Rounding::floor) == std::nullopt);
  CHECK(window_count(2, 3, 1, 1, 0, Rounding::floor) == 1);
  CHECK(window_count(INT64_MAX, 3, 1, 1, 0, Rounding::floor) == std::nullopt);
}

TEST_CASE("shape rules of the ops") {
  const Shape in{14, 10, 6};
  Conv2d conv;
  conv.window = {{3, 3}, {2, 1}, {2, 1}, 1, 1, 1, 1};
  conv.out_channels = 9;
  conv.groups = 3;
  CHECK(op_shape(conv, {in}) == Shape{6, 10, 9});
  conv.groups = 4;
  CHECK(op_shape(conv, {in}) == Shape{});
  CHECK(op_shape(Concat{}, {in, Shape{14, 10, 5}}) == Shape{14, 10, 11});
  CHECK(op_shape(Concat{}, {in, Shape{14, 9, 5}}) == Shape{});
  CHECK(op_shape(Add{}, {in, in}) == in);
  CHECK(op_shape(Add{}, {in, Shape{14, 10, 5}}) == Shape{});
  CHECK(op_shape(Slice{2, 5}, {in}) == Shape{14, 10, 3});
  CHECK(op_shape(Slice{2, 7}, {in}) == Shape{});
  Pool pool;
  pool.window = {{3, 3}, {2, 2}, {}, 0, 0, 0, 0};
  pool.rounding = Rounding::ceil;
  CHECK(op_shape(pool, {in}) == Shape{7, 5, 6});
}

TEST_CASE("multiply-adds are counted as people publish them") {
  Conv2d conv;
  conv.window = {{7, 7}, {2, 2}, {}, 3, 3, 3, 3};
  conv.out_channels = 64;
  CHECK(multiply_adds(conv, {224, 224, 3}, {112, 112, 64}).value() == 118'013'952);
  conv.groups = 3;  // each output sees a third of the input's channels
  CHECK(multiply_adds(conv, {224, 224, 3}, {112, 112, 64}).value() == 118'013'952 / 3);
}

TEST_CASE("sizes stick once they overflow") {
  CHECK_FALSE((Size(int64_t{1} << 40) * (int64_t{1} << 40)).ok());
  CHECK_FALSE((Size(int64_t{1} << 40) * (int64_t{1} << 40) * 0).ok());
  CHECK_FALSE((Size(INT64_MAX) + 1).ok());
  CHECK(Shape{28, 28, 192}.elements().value() == 150'528);
}

TEST_CASE("ops say what distinguishes them") {
  Conv2d conv;
  conv.window = {{7, 7}, {2, 2}, {}, 3, 3, 3, 3};
  CHECK(op_details(conv) == "7x7/2 pad 3");
  conv.window = {{1, 3}, {1, 2}, {2, 2}, 0, 1, 1, 1};
  conv.groups = 2;
  CHECK(op_details(conv) == "1x3/1x2 pad 0,1,1,1 dilation 2 groups 2");
  conv.dense = true;
  CHECK(op_word(conv) == "dense");
  Pool pool;
  pool.window = {{3, 3}, {2, 2}, {}, 0, 0, 0, 0};
  pool.kind = PoolKind::average;
  pool.rounding = Rounding::ceil;
  pool.average = AverageCount::include_pad;
  CHECK(op_details(pool) == "average 3x3/2 ceil include_pad");
  pool.global = true;
  CHECK(op_details(pool) == "global average");
  CHECK(op_details(Activation{{ActivationKind::leaky_relu, 0.1}}) == "leaky_relu 0.1");
  CHECK(op_details(Identity{}).empty());
}
