// Everything behind the parser: a network that is accepted is lowered for two targets, and every invariant holds; what
// it is made of stays within the bounds that its spec sets. The bytes are a spec; they are mutated as such (numbers,
// words, lines), since bytes at random are hardly ever one.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <string>
#include <vector>

#include "codegen/draw/picture.h"
#include "codegen/emit/emit.h"
#include "codegen/ir/check.h"
#include "codegen/ir/verify.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "codegen/schedule/target.h"
#include "codegen/weights/store.h"
#include "dsl/parse.h"
#include "tests/fuzz/spec_mutator.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);

namespace {

using namespace deeper;

// Larger ones are left to the tests of the zoo: here many small ones teach more.
constexpr int64_t most_params = 100'000, most_elements = 4'000'000;
constexpr size_t most_nodes = 200, most_bytes = 6000;

void require(const std::string& broken, const std::string& text) {
  if (broken.empty()) return;
  fprintf(stderr, "%s\n%s\n", broken.c_str(), text.c_str());
  abort();
}

bool is_small(const BuildResult& built) {
  int64_t elements = 0;
  for (const Node& node : built.graph.nodes) elements += node.shape.elements().value();
  return built.with_heads.params.value() <= most_params && elements <= most_elements &&
         built.graph.nodes.size() <= most_nodes;
}

void lower_for(const char* name, const Graph& graph, const NetworkSpec& spec, const Sources& sources,
               const std::string& text) {
  ScheduleOptions how;
  how.threads_max = 4;
  how.spec_hash = spec_hash(spec);
  how.preprocess = spec.preprocess ? &*spec.preprocess : nullptr;
  how.sources = &sources;
  const Schedule schedule = deeper::schedule(graph, *find_target(name), how);
  require(verify(schedule), text);
  size_t bytes = 0;
  for (const SourceText& source : emit(schedule)) bytes += source.text.size();
  if (bytes > graph.nodes.size() * 20000 + 100000) require("far too much text", text);
  const std::vector<float> packed = pack_weights(schedule, graph);
  if (static_cast<int64_t>(packed.size()) != schedule.weights_floats) require("weights of another size", text);
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  // Bytes at random now and then: the parser is reached as well.
  if (seed % 16 == 0) return LLVMFuzzerMutate(data, size, most);
  return spec_mutator::mutate(data, size, std::min(most, most_bytes), seed);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Sources sources;
  Diagnostics diagnostics;
  const NetworkSpec spec = parse_text("fuzz/net.yaml", text, {}, sources, diagnostics);
  std::vector<std::string> heads;
  for (const Head& head : spec.heads)
    if (head.optional) heads.push_back(head.name);
  BuildResult built = build(spec, {heads}, sources, diagnostics);
  render(diagnostics, sources, true);
  to_json(diagnostics, sources);
  if (diagnostics.has_errors()) return 0;
  require(verify(built.graph), text);
  Picture picture = compose(spec, built, {}, built.total);
  arrange(picture);
  to_svg(picture);
  if (!is_small(built)) return 0;
  bind_random(built.graph, 1);
  const Graph graph = optimize(std::move(built.graph), {});
  require(verify(graph), text);
  for (const char* target : {"x86-64-v3", "aarch64"}) lower_for(target, graph, spec, sources, text);
  return 0;
}
