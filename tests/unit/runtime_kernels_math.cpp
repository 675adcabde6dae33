// Our exp, log, pow, tanh and sigmoid against the C library in double precision, and vectors against single floats.
#include "runtime/math.h"

#include <math.h>

#include "tests/unit/runtime_kernels.h"

namespace kernel_test {
namespace {

/// Distance in units of the last place of the exact value's binade.
double ulps(float got, double exact) {
  if (static_cast<double>(got) == exact) return 0;
  const double unit = ldexp(1.0, ilogb(exact) < -126 ? -149 : ilogb(exact) - 23);
  return fabs(static_cast<double>(got) - exact) / unit;
}

/// Evaluates at `count` points of [low, high] and fails above `limit` ulps or when a lane differs from the float
/// version.
template <class Vector, class Single, class Exact>
void sweep(Report& report, const char* name, float low, float high, double limit, Vector vector, Single single,
           Exact exact) {
  constexpr int count = 160000;
  Floats in(count), out(count), want(count);
  double worst = 0;
  for (int i = 0; i < count; ++i) {
    in.data[i] = static_cast<float>(static_cast<double>(low) +
                                    (static_cast<double>(high) - static_cast<double>(low)) * i / (count - 1));
    want.data[i] = single(in.data[i]);
    const double error = ulps(want.data[i], exact(static_cast<double>(in.data[i])));
    worst = error > worst ? error : worst;
  }
  for (int i = 0; i < count; i += rt::lanes) rt::store(out.data + i, vector(rt::load(in.data + i)));
  report.same(name, out.data, want.data, count);
  if (worst > limit) fprintf(stderr, "%s: error of %.3f ulps, at most %.1f\n", name, worst, limit);
  report.check(name, worst <= limit);
}

#define SWEEP(low, high, limit, function, exact)                                                       \
  sweep(                                                                                               \
      report, #function " " #low " " #high, low, high, limit, [](rt::V x) { return rt::function(x); }, \
      [](float x) { return rt::function(x); }, exact)

template <class T>
T pow_of(T x) {
  return rt::pow(x, 0.61f);
}

void special_values(Report& report) {
  const float infinity = __builtin_inff(), nan = __builtin_nanf("");
  report.check("exp of 0 is 1", rt::exp(0.0f) == 1);
  report.check("exp underflows to 0", rt::exp(-88.0f) == 0 && rt::exp(-infinity) == 0);
  report.check("exp overflows to infinity", rt::exp(89.0f) == infinity && rt::exp(infinity) == infinity);
  report.check("exp has no subnormals", rt::exp(-87.33654f) >= 0x1p-126f);
  report.check("exp of NaN", isnan(rt::exp(nan)));
  report.check("tanh ends at 1", rt::tanh(20.0f) == 1 && rt::tanh(-infinity) == -1);
  report.check("tanh keeps the sign of 0", signbit(rt::tanh(-0.0f)) && !signbit(rt::tanh(0.0f)));
  report.check("tanh of NaN", isnan(rt::tanh(nan)));
  report.check("sigmoid's ends",
               rt::sigmoid(-infinity) == 0 && rt::sigmoid(infinity) == 1 && rt::sigmoid(0.0f) == 0.5f);
  report.check("log's ends", rt::log(0.0f) == -infinity && rt::log(infinity) == infinity && rt::log(1.0f) == 0);
  report.check("log of a negative", isnan(rt::log(-1.0f)) && isnan(rt::log2(-1.0f)));
  report.check("pow of NaN and of a negative", isnan(rt::pow(nan, 0.6f)) && isnan(rt::pow(-1.0f, 0.6f)));
  report.check("pow's ends", rt::pow(0.0f, 0.6f) == 0 && rt::pow(infinity, 0.6f) == infinity &&
                                 rt::pow(infinity, -0.6f) == 0 && rt::pow(0.0f, -0.6f) == infinity);
  report.check("pow to 0", rt::pow(0.0f, 0.0f) == 1 && rt::pow(infinity, 0.0f) == 1 && rt::pow(nan, 0.0f) == 1);
  report.check("log2 of powers of two", rt::log2(8.0f) == 3 && rt::log2(0x1p-149f) == -149);
}

}  // namespace

void test_math(Report& report) {
  const auto logistic = [](double x) { return 1 / (1 + exp(-x)); };
  SWEEP(-87.3f, 88.7f, 1.1, exp, [](double x) { return exp(x); });
  SWEEP(-0.4f, 0.4f, 1.1, exp, [](double x) { return exp(x); });
  SWEEP(-12.0f, 12.0f, 3, tanh, [](double x) { return tanh(x); });
  SWEEP(-0.4f, 0.4f, 3, tanh, [](double x) { return tanh(x); });
  SWEEP(-30.0f, 30.0f, 3, sigmoid, logistic);
  SWEEP(1e-6f, 4.0f, 0.6, log, [](double x) { return log(x); });
  SWEEP(4.0f, 1e30f, 0.6, log, [](double x) { return log(x); });
  SWEEP(1e-6f, 4.0f, 0.6, log2, [](double x) { return log2(x); });
  sweep(
      report, "pow 0.61", 1e-3f, 4000.0f, 0.6, [](rt::V x) { return pow_of(x); }, [](float x) { return pow_of(x); },
      [](double x) { return pow(x, static_cast<double>(0.61f)); });
  special_values(report);
}

}  // namespace kernel_test
