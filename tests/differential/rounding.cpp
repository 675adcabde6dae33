#include "tests/differential/rounding.h"

#include <algorithm>
#include <cmath>

namespace deeper {
namespace {

using Values = std::vector<double>;
constexpr double unit = 0x1p-24;
constexpr double few = 4 * unit;             // relative error of a short expression
constexpr double transcendental = 8 * unit;  // absolute error, of results up to 1

/// A node's input: its values and their deviations.
struct In {
  Shape shape;
  const Values* values;
  const Values* deviations;

  size_t at(int64_t y, int64_t x, int64_t c) const {
    return static_cast<size_t>((y * shape.width + x) * shape.channels + c);
  }
};

/// What every rule below sees.
struct Place {
  const Graph& graph;
  const Shape& shape;
  const Values& values;
  const std::vector<In>& inputs;

  const std::vector<float>* constant(ConstantId id) const {
    return id == ConstantId::none ? nullptr : graph.constant(id).values.get();
  }
  size_t at(int64_t y, int64_t x, int64_t c) const {
    return static_cast<size_t>((y * shape.width + x) * shape.channels + c);
  }
};

/// Calls f(input row, input column, kernel row, kernel column) for the taps inside the map.
template <class F>
void for_taps(const Window& window, const Shape& in, int64_t y, int64_t x, F f) {
  for (int64_t ky = 0; ky < window.kernel.height; ++ky)
    for (int64_t kx = 0; kx < window.kernel.width; ++kx) {
      const int64_t iy = y * window.stride.height - window.pad_top + ky * window.dilation.height;
      const int64_t ix = x * window.stride.width - window.pad_left + kx * window.dilation.width;
      if (iy >= 0 && ix >= 0 && iy < in.height && ix < in.width) f(iy, ix, ky, kx);
    }
}

template <class F>
Values for_places(const Place& place, F f) {
  Values deviations(place.values.size());
  for (int64_t y = 0; y < place.shape.height; ++y)
    for (int64_t x = 0; x < place.shape.width; ++x)
      for (int64_t c = 0; c < place.shape.channels; ++c) deviations[place.at(y, x, c)] = f(y, x, c);
  return deviations;
}

Values deviation(const Conv2d& op, const Place& place) {
  const In& in = place.inputs[0];
  const std::vector<float>&weight = *place.constant(op.weight), *bias = place.constant(op.bias);
  const int64_t channels = in.shape.channels / op.groups, outputs = op.out_channels / op.groups;
  const int64_t kernel_width = op.window.kernel.width, kernel_height = op.window.kernel.height;
  Values of_channel(static_cast<size_t>(channels));
  return for_places(place, [&](int64_t y, int64_t x, int64_t o) {
    double sum = bias ? (*bias)[static_cast<size_t>(o)] : 0, roundings = 0;
    std::fill(of_channel.begin(), of_channel.end(), 0.0);
    for_taps(op.window, in.shape, y, x, [&](int64_t iy, int64_t ix, int64_t ky, int64_t kx) {
      const int64_t first = ((o * kernel_height + ky) * kernel_width + kx) * channels;
      for (int64_t c = 0; c < channels; ++c) {
        const double w = weight[static_cast<size_t>(first + c)];
        const size_t from = in.at(iy, ix, o / outputs * channels + c);
        of_channel[static_cast<size_t>(c)] += std::abs(w) * (*in.deviations)[from];
        sum += w * (*in.values)[from];
        roundings += sum * sum;
      }
    });
    for (const double s : of_channel) roundings += s * s / (unit * unit);
    return unit * std::sqrt(roundings + 4 * sum * sum);
  });
}

Values deviation(const Pool& op, const Place& place) {
  const In& in = place.inputs[0];
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    double sum = 0, largest = 0, magnitude = 0;
    int count = 0;
    for_taps(op.window, in.shape, y, x, [&](int64_t iy, int64_t ix, int64_t, int64_t) {
      const double s = (*in.deviations)[in.at(iy, ix, c)];
      sum += s;
      largest = std::max(largest, s);
      magnitude += std::abs((*in.values)[in.at(iy, ix, c)]);
      ++count;
    });
    if (op.kind == PoolKind::max) return largest;
    const int n = std::max(count, 1);
    return sum / n + unit * std::sqrt(n + 1.0) * magnitude / n;
  });
}

/// Factor and rounded intermediate results of y = scale * x + bias, channel by channel.
template <class Factor>
Values scaled(const Place& place, Factor factor) {
  const In& in = place.inputs[0];
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    const size_t at = place.at(y, x, c);
    const auto [scale, offset] = factor(static_cast<size_t>(c));
    return std::abs(scale) * (*in.deviations)[at] + few * (std::abs(scale * (*in.values)[at]) + std::abs(offset));
  });
}

struct ScaleAndOffset {
  double scale, offset;
};

Values deviation(const BatchNorm& op, const Place& place) {
  return scaled(place, [&](size_t c) {
    const std::vector<float>* gamma = place.constant(op.gamma);
    const double scale = (gamma ? (*gamma)[c] : 1) / std::sqrt((*place.constant(op.var))[c] + op.eps);
    return ScaleAndOffset{scale,
                          std::abs((*place.constant(op.mean))[c] * scale) + std::abs((*place.constant(op.beta))[c])};
  });
}

Values deviation(const Affine& op, const Place& place) {
  return scaled(
      place, [&](size_t c) { return ScaleAndOffset{(*place.constant(op.scale))[c], (*place.constant(op.bias))[c]}; });
}

/// The largest slope of an activation, and whether it is a product of comparisons and multiplications only.
double slope(const ActivationSpec& spec) {
  if (spec.kind == ActivationKind::hard_swish) return 1.5;
  if (spec.kind == ActivationKind::silu) return 1.1;
  return std::max(1.0, std::abs(spec.slope));
}

Values deviation(const Activation& op, const Place& place) {
  const ActivationKind kind = op.spec.kind;
  const bool exact = kind == ActivationKind::relu || kind == ActivationKind::relu6;
  const bool curved = kind == ActivationKind::sigmoid || kind == ActivationKind::tanh || kind == ActivationKind::silu;
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    const size_t at = place.at(y, x, c);
    const double own = exact ? 0 : few * std::abs(place.values[at]) + (curved ? transcendental : 0);
    return slope(op.spec) * (*place.inputs[0].deviations)[at] + own;
  });
}

Values deviation(const Lrn& op, const Place& place) {
  const In& in = place.inputs[0];
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    double squares = 0, cross = 0;
    const int64_t first = c - channels_before(op);
    for (int64_t j = std::max<int64_t>(0, first); j < std::min(in.shape.channels, first + op.size); ++j) {
      const double value = (*in.values)[in.at(y, x, j)];
      squares += value * value;
      cross += std::abs(value) * (*in.deviations)[in.at(y, x, j)];
    }
    const double base = op.k + factor(op) * squares, power = std::pow(base, -op.beta);
    const size_t at = place.at(y, x, c);
    return (*in.deviations)[at] * power +
           std::abs((*in.values)[at]) * power * (op.beta * factor(op) * 2 * cross / base + transcendental);
  });
}

Values deviation(const Softmax&, const Place& place) {
  const In& in = place.inputs[0];
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    double mean = 0, largest = -INFINITY;
    for (int64_t j = 0; j < in.shape.channels; ++j) {
      mean += place.values[in.at(y, x, j)] * (*in.deviations)[in.at(y, x, j)];
      largest = std::max(largest, (*in.values)[in.at(y, x, j)]);
    }
    const size_t at = place.at(y, x, c);
    const double distance = largest - (*in.values)[at];
    return place.values[at] * ((*in.deviations)[at] + mean + transcendental + unit * distance);
  });
}

Values deviation(const L2Normalize& op, const Place& place) {
  const In& in = place.inputs[0];
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    double squares = 0, cross = 0;
    for (int64_t j = 0; j < in.shape.channels; ++j) {
      const double value = (*in.values)[in.at(y, x, j)];
      squares += value * value;
      cross += std::abs(value) * (*in.deviations)[in.at(y, x, j)];
    }
    const double norm = std::max(std::sqrt(squares), op.eps);
    const size_t at = place.at(y, x, c);
    const double own = unit * std::sqrt(static_cast<double>(in.shape.channels)) + few;
    return (*in.deviations)[at] / norm + std::abs(place.values[at]) * (cross / (norm * norm) + own);
  });
}

Values deviation(const Add& op, const Place& place) {
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    const size_t at = place.at(y, x, c);
    const double scaled = std::abs(op.factor * (*place.inputs[1].values)[at]);
    return (*place.inputs[0].deviations)[at] + std::abs(op.factor) * (*place.inputs[1].deviations)[at] +
           few * (std::abs(place.values[at]) + scaled);
  });
}

Values deviation(const Concat&, const Place& place) {
  return for_places(place, [&](int64_t y, int64_t x, int64_t c) {
    size_t part = 0;
    while (c >= place.inputs[part].shape.channels) c -= place.inputs[part++].shape.channels;
    return (*place.inputs[part].deviations)[place.inputs[part].at(y, x, c)];
  });
}

Values deviation(const Slice& op, const Place& place) {
  const In& in = place.inputs[0];
  return for_places(place,
                    [&](int64_t y, int64_t x, int64_t c) { return (*in.deviations)[in.at(y, x, c + op.begin)]; });
}

Values deviation(const Identity&, const Place& place) { return *place.inputs[0].deviations; }

Values deviation(const Input&, const Place& place) { return Values(place.values.size(), 0.0); }

}  // namespace

std::vector<std::vector<double>> rounding(const Graph& graph, const reference::Result& result) {
  std::vector<Values> deviations;
  deviations.reserve(graph.nodes.size());
  for (const Node& node : graph.nodes) {
    std::vector<In> inputs;
    for (const NodeId id : node.inputs) {
      const auto at = static_cast<size_t>(index(id));
      inputs.push_back({graph.node(id).shape, &result.nodes[at].values, &deviations[at]});
    }
    const Place place{graph, node.shape, result.nodes[deviations.size()].values, inputs};
    deviations.push_back(std::visit([&](const auto& op) { return deviation(op, place); }, node.op));
  }
  return deviations;
}

}  // namespace deeper
