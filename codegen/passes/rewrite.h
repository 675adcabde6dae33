// What several passes need to rewrite a graph in place and leave it in order.
#pragma once
#include <string>
#include <vector>

#include "codegen/ir/graph.h"

namespace deeper {

/// How often each node's value is read: by inputs of nodes, and by heads (output and logits each count).
std::vector<int> read_counts(const Graph& graph);

/// Every reader of `from`, heads too, reads `to` instead.
void replace_reads(Graph& graph, NodeId from, NodeId to);

/// The nodes of `order` in that order, with all ids adjusted. Nodes left out must not be read by any that stay;
/// constants and bindings that nothing refers to any more are dropped.
Graph arrange(Graph graph, const std::vector<NodeId>& order);

/// Drops what no head needs; the input stays.
Graph drop_unread(Graph graph);

/// `into` computes what `from` computed and more: the layers of `from`, whose own value is gone, are noted in `into`.
void note_fused(Graph& graph, NodeId into, NodeId from);

/// A constant that no file has: computed from others, or null while these are not bound.
ConstantId add_constant(Graph& graph, std::string path, std::vector<int64_t> dims, Range range,
                        std::shared_ptr<const std::vector<float>> values, std::string origin = {});

/// y = x * scale[c] + bias[c] of a batch norm, in double: scale = gamma / sqrt(var + eps), bias = beta - mean * scale.
/// Empty while its constants are not bound.
struct NormFactors {
  std::vector<double> scale, bias;
};
NormFactors norm_factors(const Graph& graph, const BatchNorm& norm);
/// "`c/bn/gamma` / sqrt(`c/bn/var` + 0.001)"
std::string scale_text(const Graph& graph, const BatchNorm& norm);

/// Turns a BatchNorm node into the Affine of the same value.
void make_affine(Graph& graph, NodeId id);

}  // namespace deeper
