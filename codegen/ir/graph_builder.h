// Layers -> nodes: the part of `build` that knows how layers hang together (branches, residuals, paths, `expect`).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "codegen/ir/build.h"
#include "codegen/ops/layer_lowering.h"

namespace deeper {

/// What had been counted at some moment.
struct Tally {
  Cost cost;
  int in_doubt = 0;  ///< layers whose output is not known
};

/// All activations of a network together; far above any machine's memory, far below an overflow.
constexpr int64_t max_network_elements = int64_t{1} << 34;

class GraphBuilder {
 public:
  GraphBuilder(const NetworkSpec& spec, BuildResult& result, Diagnostics& diagnostics);

  /// The layers one after the other, the first reading `in` unless it says otherwise; NodeId::none when the end is in
  /// doubt.
  NodeId build_layers(const std::vector<Layer>& layers, NodeId in);
  /// The value of an absolute path; none when that layer is in doubt, or was never there (which `parse` has told).
  NodeId resolve(const std::string& path) const;
  /// An author's assertion about everything counted since `before`.
  void check(const Expect& expect, const std::string& subject, NodeId out, const Tally& before);

  /// Tells of what `check` found, in one line however much it is.
  void tell_expects();

  Tally now() const { return {counted_, in_doubt_}; }
  const Shape& shape(NodeId id) const { return result_.graph.node(id).shape; }

 private:
  NodeId build_layer(const Layer& layer, NodeId in);
  NodeId build_body(const Layer& layer, NodeId in, LayerLowering& lowering);
  NodeId build_branches(const Branches& branches, NodeId in, LayerLowering& lowering);
  NodeId join(const Branches& branches, const std::vector<NodeId>& ends, NodeId in, LayerLowering& lowering);
  NodeId build_residual(const Residual& residual, NodeId in, NodeId f, LayerLowering& lowering);
  NodeId finish(const Layer& layer, NodeId node, const LayerLowering& lowering);
  void add_rows(const Layer& layer, NodeId out, LayerLowering& lowering);
  void add_row(LayerRow row);
  void check_total(const Layer& layer, NodeId out);
  void expect_shape(const Expect::OutShape& expected, const Shape& real, const std::string& subject);
  void expect_figure(const std::optional<Expect::Figure>& figure, std::string_view word, Size real,
                     const std::string& subject);
  void expect_failed(Range range, bool with_params, std::string message);

  const NetworkSpec& spec_;
  BuildResult& result_;
  Diagnostics& diagnostics_;
  std::map<std::string, NodeId> values_;  ///< by path; none = in doubt
  Cost counted_;
  Size elements_ = 0;
  int in_doubt_ = 0;
  std::vector<Label> failed_, failed_of_defaults_;  ///< expects; of numbers that hold for the params' defaults
  bool params_overridden_ = false;
  bool total_reported_ = false;
};

/// Complains about branches that do not fit together; true when they do. `ends` are their outputs, `in` is what they
/// all read, `values` has what their layers gave.
bool branches_fit(const Branches& branches, const std::vector<NodeId>& ends, NodeId in,
                  const std::map<std::string, NodeId>& values, const Graph& graph, Diagnostics& diagnostics);

}  // namespace deeper
