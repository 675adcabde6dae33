#include "tests/reference/reference.h"

#include <algorithm>
#include <cassert>

#include "tests/reference/cells.h"

namespace deeper::reference {
namespace {

const std::vector<float>& values_of(const Graph& graph, ConstantId id) {
  assert(graph.constant(id).values && "the reference needs bound weights");
  return *graph.constant(id).values;
}

/// `channel` counts from the slice's first; the operand has the slice's channels only.
Cell epilogue_op(const EpilogueOp& op, const Graph& graph, const Cell& x, int64_t channel, const Cell* operand) {
  const auto c = static_cast<size_t>(channel);
  switch (op.kind) {
    case EpilogueOp::Kind::bias:
      return affine_cell(1, values_of(graph, op.bias)[c], x);
    case EpilogueOp::Kind::affine:
      return affine_cell(values_of(graph, op.scale)[c], values_of(graph, op.bias)[c], x);
    case EpilogueOp::Kind::activation:
      return activate(op.activation, x);
    case EpilogueOp::Kind::add:
      return add_cells(operand[c], op.factor, x);
  }
  return x;
}

void apply_op(const EpilogueSlice& slice, const EpilogueOp& op, const Graph& graph, const Fields& in, Field& out) {
  const Field* operand = op.kind == EpilogueOp::Kind::add ? in[static_cast<size_t>(op.operand)] : nullptr;
  for (int64_t y = 0; y < out.shape.height; ++y)
    for (int64_t x = 0; x < out.shape.width; ++x)
      for (int64_t c = slice.begin; c < slice.end; ++c) {
        Cell& cell = out.pixel(y, x)[c];
        cell = epilogue_op(op, graph, cell, c - slice.begin, operand ? operand->pixel(y, x) : nullptr);
      }
}

/// Roundings that one element of an epilogue adds to the longest way.
double terms_of(const EpilogueOp& op) { return op.kind == EpilogueOp::Kind::activation ? function_roundings : 2; }

Field evaluate_node(const Graph& graph, const Node& node, const Fields& in) {
  Field out = std::visit([&](const auto& op) { return evaluate(op, graph, node, in); }, node.op);
  double longest = 0;
  for (const EpilogueSlice& slice : node.epilogues) {
    double terms = 0;
    for (const EpilogueOp& op : slice.ops) {
      apply_op(slice, op, graph, in, out);
      terms += terms_of(op);
      if (op.kind == EpilogueOp::Kind::add) out.terms = std::max(out.terms, in[static_cast<size_t>(op.operand)]->terms);
    }
    longest = std::max(longest, terms);
  }
  out.terms += longest;
  return out;
}

void append(Result& result, const Field& field) {
  Tensor value{field.shape, {}}, magnitude{field.shape, {}};
  for (const Cell& cell : field.cells) {
    value.values.push_back(cell.value);
    magnitude.values.push_back(cell.magnitude);
  }
  result.nodes.push_back(std::move(value));
  result.magnitude.push_back(std::move(magnitude));
  result.terms.push_back(field.terms);
}

Field exact(const Tensor& tensor) {
  Field field(tensor.shape);
  for (size_t i = 0; i < field.cells.size(); ++i) field.cells[i] = {tensor.values[i], std::abs(tensor.values[i])};
  return field;
}

}  // namespace

double Result::bound(NodeId node, size_t element) const {
  const auto at = static_cast<size_t>(index(node));
  return terms[at] * unit_roundoff * magnitude[at].values[element];
}

Result run(const Graph& graph, const Tensor& input) {
  assert(input.shape == graph.nodes[0].shape);
  std::vector<Field> fields{exact(input)};
  for (size_t i = 1; i < graph.nodes.size(); ++i) {
    Fields in;
    for (const NodeId id : graph.nodes[i].inputs) in.push_back(&fields[static_cast<size_t>(index(id))]);
    fields.push_back(evaluate_node(graph, graph.nodes[i], in));
  }
  Result result;
  for (const Field& field : fields) append(result, field);
  return result;
}

Result run_node(const Graph& graph, NodeId id, const std::vector<Tensor>& inputs) {
  std::vector<Field> fields;
  for (const Tensor& tensor : inputs) fields.push_back(exact(tensor));
  Fields in;
  for (const Field& field : fields) in.push_back(&field);
  Result result;
  append(result, evaluate_node(graph, graph.node(id), in));
  return result;
}

}  // namespace deeper::reference
