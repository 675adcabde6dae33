// Any bytes as a labels file: as many names as there are classes, each a text of one line, or a message.
#include <cstdint>
#include <cstdlib>

#include "codegen/compile/labels.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  deeper::Graph graph;
  deeper::Node classes;
  classes.shape = {1, 1, 3};
  graph.nodes = {classes};
  graph.heads = {{"main", deeper::NodeId{0}, deeper::NodeId{0}, "", 5, {}}};
  const MemoryFile file(data, size);
  deeper::Diagnostics diagnostics;
  const auto lists = deeper::read_labels(graph, {file.path()}, "net.yaml", diagnostics);
  if (lists.size() != 1) std::abort();
  if (diagnostics.has_errors()) return 0;
  if (lists[0].size() != 3) std::abort();
  for (const std::string& name : lists[0])
    if (name.find('\n') != std::string::npos || name.find('\0') != std::string::npos) std::abort();
  return 0;
}
