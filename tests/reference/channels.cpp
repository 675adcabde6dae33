// Ops that look at the channels of one pixel.
#include <algorithm>

#include "tests/reference/cells.h"

namespace deeper::reference {
namespace {

/// `pixel(in, out)` for every pixel.
template <class Pixel>
Field each_pixel(const Node& node, const Field& in, double terms, Pixel pixel) {
  Field out(node.shape, in.terms + terms);
  for (int64_t y = 0; y < node.shape.height; ++y)
    for (int64_t x = 0; x < node.shape.width; ++x) pixel(in.pixel(y, x), out.pixel(y, x));
  return out;
}

void softmax_pixel(const Cell* in, Cell* out, int64_t channels) {
  double largest = in[0].value, sum = 0, magnitude = 0;
  for (int64_t c = 0; c < channels; ++c) largest = std::max(largest, in[c].value);
  for (int64_t c = 0; c < channels; ++c) sum += std::exp(in[c].value - largest);
  for (int64_t c = 0; c < channels; ++c) magnitude += std::exp(in[c].value - largest) / sum * in[c].magnitude;
  for (int64_t c = 0; c < channels; ++c) {
    const double y = std::exp(in[c].value - largest) / sum;
    // x - max is rounded too, and exp makes of its error a relative one
    out[c] = {y, y * (in[c].magnitude + magnitude + std::abs(in[c].value) + std::abs(largest) + 1)};
  }
}

/// y = x * s^-beta with s = k + alpha * sum of x^2; its derivatives give the error that the neighbours bring.
void lrn_pixel(const Lrn& op, const Cell* in, Cell* out, int64_t channels) {
  for (int64_t c = 0; c < channels; ++c) {
    const int64_t first = std::max<int64_t>(c - channels_before(op), 0);
    const int64_t last = std::min(c - channels_before(op) + op.size, channels) - 1;
    double squares = 0, magnitude = 0;
    for (int64_t i = first; i <= last; ++i) {
      squares += in[i].value * in[i].value;
      magnitude += 2 * std::abs(in[i].value) * in[i].magnitude;
    }
    const double s = op.k + factor(op) * squares;
    const double power = std::pow(s, -op.beta), value = in[c].value * power;
    const double steep = std::abs(value * op.beta * factor(op) / s);
    out[c] = {value, in[c].magnitude * power + steep * magnitude + std::abs(value)};
  }
}

void l2_pixel(const L2Normalize& op, const Cell* in, Cell* out, int64_t channels) {
  double squares = 0, magnitude = 0;
  for (int64_t c = 0; c < channels; ++c) {
    squares += in[c].value * in[c].value;
    magnitude += std::abs(in[c].value) * in[c].magnitude;
  }
  const double norm = std::max(std::sqrt(squares), op.eps);
  for (int64_t c = 0; c < channels; ++c) {
    const double value = in[c].value / norm;
    out[c] = {value, in[c].magnitude / norm + std::abs(value) / (norm * norm) * magnitude + std::abs(value)};
  }
}

}  // namespace

Cell activate(const ActivationSpec& spec, const Cell& in) {
  const double x = in.value;
  // y, its steepest slope, and whether a float function computes it (which is not exact)
  const auto cell = [&](double y, double slope, bool exact) -> Cell {
    return {y, slope * in.magnitude + (exact ? 0 : std::abs(y))};
  };
  switch (spec.kind) {
    case ActivationKind::relu:
      return cell(x <= 0 ? 0 : x, 1, true);
    case ActivationKind::relu6:
      return cell(std::clamp(x, 0.0, 6.0), 1, true);
    case ActivationKind::leaky_relu:
      return cell(x > 0 ? x : spec.slope * x, std::max(1.0, std::abs(spec.slope)), false);
    case ActivationKind::sigmoid:
      return cell(1 / (1 + std::exp(-x)), 0.25, false);
    case ActivationKind::tanh:
      return cell(std::tanh(x), 1, false);
    case ActivationKind::silu:
      return cell(x / (1 + std::exp(-x)), 1.1, false);
    case ActivationKind::hard_swish:
      return cell(x * std::clamp(x + 3, 0.0, 6.0) / 6, 1.5, false);
    case ActivationKind::none:
    case ActivationKind::softmax:
      break;
  }
  return in;
}

Field evaluate(const Activation& op, const Graph&, const Node& node, const Fields& in) {
  Field out(node.shape, in[0]->terms + function_roundings);
  for (size_t i = 0; i < out.cells.size(); ++i) out.cells[i] = activate(op.spec, in[0]->cells[i]);
  return out;
}

Field evaluate(const Softmax&, const Graph&, const Node& node, const Fields& in) {
  const int64_t channels = node.shape.channels;
  return each_pixel(node, *in[0], static_cast<double>(channels) + 2 * function_roundings,
                    [&](const Cell* from, Cell* to) { softmax_pixel(from, to, channels); });
}

Field evaluate(const Lrn& op, const Graph&, const Node& node, const Fields& in) {
  return each_pixel(node, *in[0], static_cast<double>(op.size) + 2 * function_roundings,
                    [&](const Cell* from, Cell* to) { lrn_pixel(op, from, to, node.shape.channels); });
}

Field evaluate(const L2Normalize& op, const Graph&, const Node& node, const Fields& in) {
  return each_pixel(node, *in[0], static_cast<double>(node.shape.channels) + 4,
                    [&](const Cell* from, Cell* to) { l2_pixel(op, from, to, node.shape.channels); });
}

Field evaluate(const BatchNorm& op, const Graph& graph, const Node& node, const Fields& in) {
  const auto value = [&](ConstantId id, int64_t c) {
    return double{(*graph.constant(id).values)[static_cast<size_t>(c)]};
  };
  return each_pixel(node, *in[0], 6, [&](const Cell* from, Cell* to) {
    for (int64_t c = 0; c < node.shape.channels; ++c) {
      const double gamma = op.gamma == ConstantId::none ? 1 : value(op.gamma, c);
      const double scale = gamma / std::sqrt(value(op.var, c) + op.eps);
      to[c] = affine_cell(scale, value(op.beta, c), affine_cell(1, -value(op.mean, c), from[c]));
    }
  });
}

Field evaluate(const Affine& op, const Graph& graph, const Node& node, const Fields& in) {
  const std::vector<float>& scale = *graph.constant(op.scale).values;
  const std::vector<float>& bias = *graph.constant(op.bias).values;
  return each_pixel(node, *in[0], 2, [&](const Cell* from, Cell* to) {
    for (size_t c = 0; c < scale.size(); ++c) to[c] = affine_cell(scale[c], bias[c], from[c]);
  });
}

}  // namespace deeper::reference
