// Which rows a pool's windows hold: against the definition, window by window.
#include <catch2/catch.hpp>

#include "codegen/ops/common.h"
#include "codegen/schedule/plan.h"

namespace deeper {
namespace {

struct Expected {
  int64_t first = -1, taps = 0, counted = 0;
};

/// PyTorch's: padding inside `in + pad_after` counts where padding counts at all, what ceil rounding adds beyond never
/// does.
Expected expected(int64_t i, int64_t in, int64_t kernel, int64_t stride, int64_t before, int64_t after,
                  bool count_padding) {
  Expected e;
  for (int64_t k = 0; k < kernel; ++k) {
    const int64_t row = i * stride - before + k;
    if (row >= 0 && row < in) {
      if (e.first < 0) e.first = row;
      ++e.taps;
    }
    if ((row >= 0 && row < in) || (count_padding && row < in + after)) ++e.counted;
  }
  return e;
}

void check(int64_t in, int64_t kernel, int64_t stride, int64_t before, int64_t after, Rounding rounding,
           bool count_padding) {
  const std::optional<int64_t> out = window_count(in, kernel, stride, before, after, rounding);
  if (!out || *out < 1) return;
  INFO("in " << in << " kernel " << kernel << " stride " << stride << " pads " << before << "," << after);
  const std::vector<PoolSpan> spans = pool_spans(in, *out, kernel, stride, before, after, count_padding);
  int64_t next = 0;
  for (const PoolSpan& span : spans) {
    REQUIRE(span.begin == next);
    for (int64_t i = span.begin; i < span.end; ++i) {
      const Expected e = expected(i, in, kernel, stride, before, after, count_padding);
      REQUIRE(i * stride + span.first == e.first);
      REQUIRE(span.taps == e.taps);
      REQUIRE(span.counted == e.counted);
    }
    next = span.end;
  }
  REQUIRE(next == *out);
}

TEST_CASE("pool spans hold the rows that exist and count as PyTorch does") {
  for (int64_t in = 1; in <= 12; ++in)
    for (int64_t kernel = 1; kernel <= 5; ++kernel)
      for (int64_t stride = 1; stride <= 4; ++stride)
        for (int64_t before = 0; before <= kernel / 2; ++before)
          for (int64_t after = 0; after <= kernel / 2; ++after)
            for (const Rounding rounding : {Rounding::floor, Rounding::ceil})
              for (const bool count_padding : {false, true})
                check(in, kernel, stride, before, after, rounding, count_padding);
}

TEST_CASE("a same pool has an interior and two edges") {
  const std::vector<PoolSpan> spans = pool_spans(28, 28, 3, 1, 1, 1, false);
  REQUIRE(spans.size() == 3);
  CHECK((spans[1].begin == 1 && spans[1].end == 27 && spans[1].first == -1 && spans[1].taps == 3));
}

}  // namespace
}  // namespace deeper
