// Specs from text for the tests of graph, passes and weights.
#pragma once
#include <string>
#include <vector>

#include "codegen/ir/check.h"
#include "codegen/weights/store.h"

namespace deeper {

/// A checked spec with everything that its messages refer to.
struct TestNetwork {
  Sources sources;
  Diagnostics diagnostics;
  Checked checked;

  Graph& graph() { return checked.built.graph; }
  /// All messages, rendered without colour.
  std::string messages() const { return render(diagnostics, sources, false); }
};

/// The text is written to a file of its own first, as a user would have it.
TestNetwork from_text(const std::string& yaml, const BuildOptions& options = {},
                      const ParseOptions& parse_options = {});
/// dsl/networks/NAME.yaml.
TestNetwork from_zoo(const std::string& name, const BuildOptions& options = {}, const ParseOptions& parse_options = {});

/// "deeper: 1", a name and an input of `shape` ("8, 8, 3"), then the layers, one a line of flow YAML; the head reads
/// the last.
std::string small_spec(const std::string& shape, const std::vector<std::string>& layers, const std::string& last);

/// The node whose value is the layer's output.
NodeId find(const Graph& graph, const std::string& path);

}  // namespace deeper
