// Ops that slide a window.
#include <algorithm>

#include "tests/reference/cells.h"

namespace deeper::reference {
namespace {

/// Calls visit(kernel row, kernel column, input row, input column) for every tap that lies inside the input.
template <class Visit>
void for_each_tap(const Window& window, const Shape& in, int64_t out_y, int64_t out_x, Visit visit) {
  for (int64_t ky = 0; ky < window.kernel.height; ++ky) {
    const int64_t y = out_y * window.stride.height - window.pad_top + ky * window.dilation.height;
    if (y < 0 || y >= in.height) continue;
    for (int64_t kx = 0; kx < window.kernel.width; ++kx) {
      const int64_t x = out_x * window.stride.width - window.pad_left + kx * window.dilation.width;
      if (x >= 0 && x < in.width) visit(ky, kx, y, x);
    }
  }
}

struct ConvSums {
  const Conv2d& op;
  const Field& in;
  const float* weights;
  const float* bias;

  Cell at(int64_t y, int64_t x, int64_t o) const {
    const int64_t channels = in.shape.channels / op.groups;
    const int64_t first = o / (op.out_channels / op.groups) * channels;
    const double b = bias ? bias[o] : 0;
    Cell sum{b, std::abs(b)};
    for_each_tap(op.window, in.shape, y, x, [&](int64_t ky, int64_t kx, int64_t in_y, int64_t in_x) {
      const float* w = weights + ((o * op.window.kernel.height + ky) * op.window.kernel.width + kx) * channels;
      const Cell* cell = in.pixel(in_y, in_x) + first;
      for (int64_t c = 0; c < channels; ++c) {
        sum.value += double{w[c]} * cell[c].value;
        sum.magnitude += std::abs(double{w[c]}) * cell[c].magnitude;
      }
    });
    return sum;
  }
};

/// What an average over one dimension divides by when it counts padding: the window clipped to the padded input.
int64_t padded_taps(int64_t out, int64_t kernel, int64_t stride, int64_t pad_before, int64_t in, int64_t pad_after) {
  const int64_t begin = out * stride - pad_before;
  return std::min(begin + kernel, in + pad_after) - begin;
}

double divisor(const Pool& op, const Shape& in, int64_t y, int64_t x, int64_t taps) {
  if (op.average == AverageCount::exclude_pad) return static_cast<double>(taps);
  const Window& w = op.window;
  return static_cast<double>(padded_taps(y, w.kernel.height, w.stride.height, w.pad_top, in.height, w.pad_bottom) *
                             padded_taps(x, w.kernel.width, w.stride.width, w.pad_left, in.width, w.pad_right));
}

/// NaN where either is.
double larger(double a, double b) { return std::isnan(a) || a >= b ? a : b; }

void pool_pixel(const Pool& op, const Field& in, int64_t y, int64_t x, Cell* out) {
  for (int64_t c = 0; c < in.shape.channels; ++c) {
    std::vector<Cell> taps;
    for_each_tap(op.window, in.shape, y, x,
                 [&](int64_t, int64_t, int64_t in_y, int64_t in_x) { taps.push_back(in.pixel(in_y, in_x)[c]); });
    out[c] = op.kind == PoolKind::max ? taps[0] : Cell{};
    for (const Cell& tap : taps) {
      if (op.kind == PoolKind::max) {
        out[c] = {larger(out[c].value, tap.value), std::max(out[c].magnitude, tap.magnitude)};
      } else {
        out[c] = add_cells(out[c], 1, tap);
      }
    }
    if (op.kind == PoolKind::max) continue;
    const double by = divisor(op, in.shape, y, x, static_cast<int64_t>(taps.size()));
    out[c] = {out[c].value / by, out[c].magnitude / by};
  }
}

}  // namespace

Field evaluate(const Conv2d& op, const Graph& graph, const Node& node, const Fields& in) {
  const auto terms =
      static_cast<double>(op.window.kernel.height * op.window.kernel.width * (in[0]->shape.channels / op.groups) + 1);
  Field out(node.shape, in[0]->terms + terms);
  const float* bias = op.bias == ConstantId::none ? nullptr : graph.constant(op.bias).values->data();
  const ConvSums sums{op, *in[0], graph.constant(op.weight).values->data(), bias};
  for (int64_t y = 0; y < node.shape.height; ++y)
    for (int64_t x = 0; x < node.shape.width; ++x)
      for (int64_t o = 0; o < op.out_channels; ++o) out.pixel(y, x)[o] = sums.at(y, x, o);
  return out;
}

Field evaluate(const Pool& op, const Graph&, const Node& node, const Fields& in) {
  const double terms =
      op.kind == PoolKind::max ? 0 : static_cast<double>(op.window.kernel.height * op.window.kernel.width + 1);
  Field out(node.shape, in[0]->terms + terms);
  for (int64_t y = 0; y < node.shape.height; ++y)
    for (int64_t x = 0; x < node.shape.width; ++x) pool_pixel(op, *in[0], y, x, out.pixel(y, x));
  return out;
}

}  // namespace deeper::reference
