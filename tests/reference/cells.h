// What the ops of the reference compute on: values with their error measures (see reference.h).
#pragma once
#include <cmath>
#include <vector>

#include "codegen/ir/graph.h"

namespace deeper::reference {

constexpr double unit_roundoff = 0x1p-24;

struct Cell {
  double value = 0, magnitude = 0;
};

struct Field {
  Shape shape;
  double terms = 0;
  std::vector<Cell> cells;  ///< [height][width][channels]

  Field() = default;
  explicit Field(const Shape& s, double n = 0) : shape(s), terms(n), cells(static_cast<size_t>(s.elements().value())) {}
  size_t at(int64_t y, int64_t x, int64_t c = 0) const {
    return static_cast<size_t>((y * shape.width + x) * shape.channels + c);
  }
  Cell* pixel(int64_t y, int64_t x) { return &cells[at(y, x)]; }
  const Cell* pixel(int64_t y, int64_t x) const { return &cells[at(y, x)]; }
};

using Fields = std::vector<const Field*>;

/// A float32 implementation of exp, tanh and the like is taken to be within so many roundings.
constexpr double function_roundings = 8;

Cell activate(const ActivationSpec& spec, const Cell& x);

// One function an op; `node` tells the shape of the result, `graph` has the constants.
Field evaluate(const Input& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Conv2d& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const BatchNorm& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Affine& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Activation& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Pool& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Lrn& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Softmax& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const L2Normalize& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Add& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Concat& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Slice& op, const Graph& graph, const Node& node, const Fields& in);
Field evaluate(const Identity& op, const Graph& graph, const Node& node, const Fields& in);

inline Cell add_cells(const Cell& a, double factor, const Cell& b) {
  return {a.value + factor * b.value, a.magnitude + std::abs(factor) * b.magnitude};
}

inline Cell affine_cell(double scale, double bias, const Cell& x) {
  return {x.value * scale + bias, std::abs(scale) * x.magnitude + std::abs(bias)};
}

}  // namespace deeper::reference
