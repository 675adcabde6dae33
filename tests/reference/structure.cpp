// Ops that only join and part values.
#include <algorithm>
#include <cassert>

#include "tests/reference/cells.h"

namespace deeper::reference {

/// The input is given, never computed.
Field evaluate(const Input&, const Graph&, const Node& node, const Fields&) {
  assert(false && "the input is not evaluated");
  return Field(node.shape);
}

Field evaluate(const Add& op, const Graph&, const Node& node, const Fields& in) {
  Field out(node.shape, std::max(in[0]->terms, in[1]->terms) + 2);
  for (size_t i = 0; i < out.cells.size(); ++i) out.cells[i] = add_cells(in[0]->cells[i], op.factor, in[1]->cells[i]);
  return out;
}

Field evaluate(const Concat&, const Graph&, const Node& node, const Fields& in) {
  Field out(node.shape);
  int64_t begin = 0;
  for (const Field* part : in) {
    out.terms = std::max(out.terms, part->terms);
    for (int64_t y = 0; y < node.shape.height; ++y)
      for (int64_t x = 0; x < node.shape.width; ++x)
        std::copy_n(part->pixel(y, x), part->shape.channels, out.pixel(y, x) + begin);
    begin += part->shape.channels;
  }
  return out;
}

Field evaluate(const Slice& op, const Graph&, const Node& node, const Fields& in) {
  Field out(node.shape, in[0]->terms);
  for (int64_t y = 0; y < node.shape.height; ++y)
    for (int64_t x = 0; x < node.shape.width; ++x)
      std::copy_n(in[0]->pixel(y, x) + op.begin, op.end - op.begin, out.pixel(y, x));
  return out;
}

Field evaluate(const Identity&, const Graph&, const Node&, const Fields& in) { return *in[0]; }

}  // namespace deeper::reference
