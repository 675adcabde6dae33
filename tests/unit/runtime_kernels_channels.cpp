// Kernels that sum over channels (local response normalisation, softmax, L2 norm), and those that only move floats.
#include "runtime/border.h"
#include "runtime/input.h"
#include "runtime/l2_normalize.h"
#include "runtime/lrn.h"
#include "runtime/softmax.h"
#include "tests/unit/runtime_kernels.h"

namespace kernel_test {
namespace {

constexpr int pixels = 3;

template <class Power, class Scalar>
void lrn_case(Report& report, const char* name, int size, int before, int channels, Power power, Scalar scalar,
              bool specials = false) {
  Map in(1, pixels, channels), out(1, pixels, channels), want(1, pixels, channels);
  in.memory.fill(12);
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] *= 50;
  if (specials) in.memory.sprinkle(112, 40);
  const rt::LrnParameters lrn{size, before, 2e-2f, 0.75f, 1.5f};
  rt::lrn(lrn, in.at(0, 0), in.strides.pixel, out.out(0, 0, channels), pixels, power);
  for (int p = 0; p < pixels; ++p) {
    for (int c = 0; c < channels; ++c) {
      float squares = 0;
      for (int i = c - before; i < c - before + size; ++i) {
        if (i >= 0 && i < channels) squares = __builtin_fmaf(in.at(0, p)[i], in.at(0, p)[i], squares);
      }
      want.at(0, p)[c] = in.at(0, p)[c] / scalar(__builtin_fmaf(squares, lrn.alpha, lrn.k));
    }
  }
  char title[80];
  snprintf(title, sizeof title, "lrn %s, size %d, %d before, %d channels%s", name, size, before, channels,
           specials ? ", NaN" : "");
  report.same(title, out, want);
}

void lrn_cases(Report& report) {
  const auto three_quarters = [](float s) { return __builtin_sqrtf(s) * __builtin_sqrtf(__builtin_sqrtf(s)); };
  for (int channels : {1, 3, 16, 64, 77}) {
    for (int size : {1, 2, 3, 4, 5, 9}) {
      lrn_case(report, "^0.75", size, (size - 1) / 2, channels, rt::PowThreeQuarters{}, three_quarters);
      if (size % 2 == 0) lrn_case(report, "^0.75", size, size / 2, channels, rt::PowThreeQuarters{}, three_quarters);
    }
  }
  lrn_case(report, "^0.5", 5, 2, 40, rt::PowHalf{}, [](float s) { return __builtin_sqrtf(s); });
  lrn_case(report, "^1", 5, 2, 40, rt::PowOne{}, [](float s) { return s; });
  const auto power = [](float s) { return rt::pow(s, 0.6f); };
  lrn_case(report, "^0.6", 5, 2, 40, rt::PowAny{0.6f}, power);
  for (int size : {2, 3, 5, 8}) {
    lrn_case(report, "^0.75", size, size / 2, 77, rt::PowThreeQuarters{}, three_quarters, true);
    lrn_case(report, "^0.6", size, size / 2, 77, rt::PowAny{0.6f}, power, true);
  }
}

/// A NaN or an infinity anywhere makes every probability of its pixel NaN, and those of no other.
void softmax_of_nan(Report& report, Map& in) {
  const float specials[] = {__builtin_nanf(""), -__builtin_nanf(""), __builtin_inff()};
  bool holds = true;
  for (const float special : specials) {
    for (int c : {0, in.channels / 2, in.channels - 1}) {
      Map out(1, pixels, in.channels);
      const float kept = in.at(0, 1)[c];
      in.at(0, 1)[c] = special;
      rt::softmax(in.at(0, 0), in.strides.pixel, out.out(0, 0, in.channels), pixels);
      in.at(0, 1)[c] = kept;
      for (int p = 0; p < pixels; ++p) {
        for (int i = 0; i < in.channels; ++i) holds = holds && (out.at(0, p)[i] != out.at(0, p)[i]) == (p == 1);
      }
    }
  }
  report.check("softmax of NaN is NaN", holds);
}

void softmax_case(Report& report, int channels) {
  Map in(1, pixels, channels), out(1, pixels, channels), want(1, pixels, channels);
  in.memory.fill(13);
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] *= 20;
  in.at(0, 1)[channels - 1] = 500;  // takes all: the others are 0, not subnormal
  rt::softmax(in.at(0, 0), in.strides.pixel, out.out(0, 0, channels), pixels);
  for (int p = 0; p < pixels; ++p) {
    const float* x = in.at(0, p);
    float top = x[0];
    for (int c = 1; c < channels; ++c) top = x[c] > top ? x[c] : top;
    double sum = 0;
    for (int c = 0; c < channels; ++c) sum += static_cast<double>(rt::exp(x[c] - top));
    for (int c = 0; c < channels; ++c) want.at(0, p)[c] = rt::exp(x[c] - top) / static_cast<float>(sum);
  }
  char name[80];
  snprintf(name, sizeof name, "softmax of %d", channels);
  report.same(name, out, want);
  softmax_of_nan(report, in);
  in.memory.fill(13);
  for (int64_t i = 0; i < in.memory.count; ++i) in.memory.data[i] *= 20;
  in.at(0, 1)[channels - 1] = 500;
  rt::softmax(in.at(0, 0), in.strides.pixel, in.out(0, 0, channels), pixels);
  for (int p = 0; p < pixels; ++p) {
    report.check("softmax in place", memcmp(in.at(0, p), want.at(0, p), static_cast<size_t>(channels) * 4) == 0);
  }
}

void l2_normalize_case(Report& report, int channels, bool specials) {
  Map in(1, pixels, channels), out(1, pixels, channels), want(1, pixels, channels);
  in.memory.fill(14);
  memset(in.at(0, 1), 0, static_cast<size_t>(channels) * 4);  // the norm of this one is eps
  if (specials) in.at(0, 2)[channels / 2] = -__builtin_nanf("");
  rt::l2_normalize(in.at(0, 0), in.strides.pixel, out.out(0, 0, channels), pixels, 1e-6f);
  for (int p = 0; p < pixels; ++p) {
    double sum = 0;
    for (int c = 0; c < channels; ++c) {
      const double x = static_cast<double>(in.at(0, p)[c]);
      sum = __builtin_fma(x, x, sum);
    }
    const float norm = static_cast<float>(__builtin_sqrt(sum));
    for (int c = 0; c < channels; ++c) want.at(0, p)[c] = in.at(0, p)[c] / (norm < 1e-6f ? 1e-6f : norm);
  }
  char name[80];
  snprintf(name, sizeof name, "l2 normalize of %d%s", channels, specials ? ", NaN" : "");
  report.same(name, out, want);
}

void copy_case(Report& report, int channels, int gap) {
  Floats dense(pixels * channels);
  Map out(1, pixels, channels, 0, gap), want(1, pixels, channels, 0, gap);
  dense.fill(15);
  const float specials[] = {1e-40f, -1e-40f, 0x1p-126f, -0.0f, -0x1p-126f, __builtin_nanf("")};
  for (int i = 0; i < 6 && i < dense.count; ++i) dense.data[i] = specials[i];
  rt::copy_input(dense.data, dense.count, out.out(0, 0, channels), pixels);
  for (int i = 0; i < dense.count; ++i) {
    const float v = dense.data[i];
    want.at(0, i / channels)[i % channels] = (v < 0 ? -v : v) < 0x1p-126f ? 0.0f : v;
  }
  char name[80];
  snprintf(name, sizeof name, "input of %d channels, gap %d", channels, gap);
  report.same(name, out, want);
}

void border_case(Report& report, int gap) {
  constexpr int height = 4, width = 3, channels = 6, top = 2, left = 1, bottom = 1, right = 2;
  Map got(height, width, channels, 3, gap), want(height, width, channels, 3, gap);
  rt::zero_border(got.at(0, 0), height, width, channels, got.strides, top, left, bottom, right);
  for (int y = -top; y < height + bottom; ++y) {
    for (int x = -left; x < width + right; ++x) {
      const bool inside = y >= 0 && y < height && x >= 0 && x < width;
      for (int c = 0; c < channels && !inside; ++c) want.at(y, x)[c] = 0;
    }
  }
  char name[80];
  snprintf(name, sizeof name, "border, gap %d", gap);
  report.same(name, got, want);
}

}  // namespace

void test_channel_kernels(Report& report) {
  lrn_cases(report);
  for (int channels : {1, 2, 10, 16, 35, 1000}) softmax_case(report, channels);
  for (int channels : {1, 2, 16, 35, 512}) {
    l2_normalize_case(report, channels, false);
    l2_normalize_case(report, channels, true);
  }
}

void test_memory_kernels(Report& report) {
  for (int channels : {1, 3, 16, 21}) {
    copy_case(report, channels, 0);
    copy_case(report, channels, 4);
  }
  border_case(report, 0);
  border_case(report, 2);
}

}  // namespace kernel_test
