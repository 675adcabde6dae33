#include "tests/unit/ir_support.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace deeper {

TestNetwork from_text(const std::string& yaml, const BuildOptions& options, const ParseOptions& parse_options) {
  static int count = 0;
  const auto folder = std::filesystem::temp_directory_path() /
                      ("deeper_ir_" + std::to_string(getpid()) + "_" + std::to_string(count++));
  std::filesystem::create_directory(folder);
  const std::string path = folder / "spec.yaml";
  std::ofstream(path) << yaml;
  TestNetwork network;
  network.checked = check_spec(path, parse_options, options, network.sources, network.diagnostics);
  std::filesystem::remove_all(folder);
  return network;
}

TestNetwork from_zoo(const std::string& name, const BuildOptions& options, const ParseOptions& parse_options) {
  TestNetwork network;
  network.checked = check_spec(std::string(DEEPER_SOURCE_DIR) + "/dsl/networks/" + name + ".yaml", parse_options,
                               options, network.sources, network.diagnostics);
  return network;
}

std::string small_spec(const std::string& shape, const std::vector<std::string>& layers, const std::string& last) {
  std::string text = "deeper: 1\nname: small\ninput: {shape: [" + shape + "]}\nlayers:\n";
  for (const std::string& layer : layers) text += "  - " + layer + "\n";
  return text + "heads: {main: {from: " + last + ", layers: []}}\n";
}

NodeId find(const Graph& graph, const std::string& path) {
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const bool alias = std::find(node.aliases.begin(), node.aliases.end(), path) != node.aliases.end();
    if (alias || (node.visible && node.path == path)) return static_cast<NodeId>(i);
  }
  return NodeId::none;
}

}  // namespace deeper
