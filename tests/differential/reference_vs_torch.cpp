// Builds random layers from YAML, evaluates them by the reference, and lets Debian's PyTorch evaluate the same in
// double precision: parse, build and reference together must agree with it, NaN included. Arguments: torch_ops.py, a
// folder to work in.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>

#include "codegen/ir/check.h"
#include "codegen/weights/file_layout.h"
#include "codegen/weights/store.h"
#include "tests/differential/torch_cases.h"
#include "tests/reference/random_source.h"
#include "tests/reference/reference.h"
#include "tests/support/npy.h"

namespace {

namespace fs = std::filesystem;
using namespace deeper;

constexpr int skipped = 77;
constexpr double tolerance = 1e-9;  // both sides are double precision; relative to the largest value of the tensor

struct Evaluated {
  test::Array ours;
  std::map<std::string, test::Array> inputs;  ///< by torch_ops.py's names
};

test::Array to_array(const reference::Tensor& tensor) {
  return {{tensor.shape.height, tensor.shape.width, tensor.shape.channels}, tensor.values};
}

test::Array weight(const Graph& graph, const std::string& path) {
  for (const WeightBinding& binding : graph.bindings) {
    if (binding.path != path) continue;
    const Constant& constant = graph.constant(binding.constant);
    const FileLayout layout = file_layout(binding, constant.dims, WeightLayout::oihw);
    test::Array array{layout.dims, std::vector<double>(constant.values->size())};
    for_each_element(layout, constant.dims,
                     [&](size_t from, size_t to) { array.values[to] = (*constant.values)[from]; });
    return array;
  }
  throw std::runtime_error("no weight " + path);
}

const reference::Tensor& value(const Graph& graph, const reference::Result& result, const std::string& path) {
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (graph.nodes[i].visible && graph.nodes[i].path == path) return result.nodes[i];
  throw std::runtime_error("no layer " + path);
}

reference::Tensor random_input(const Shape& shape, reference::RandomSource& random) {
  reference::Tensor input{shape, {}};
  for (int64_t i = 0; i < shape.elements().value(); ++i) input.values.push_back(random.unit() * 8 - 4);
  return input;
}

/// One to three values that are no numbers: what of the output is none either is part of an op's definition.
void sprinkle_nan(reference::Tensor& input, reference::RandomSource& random) {
  for (int64_t count = random.between(1, 3); count > 0; --count) {
    const auto last = static_cast<int64_t>(input.values.size()) - 1;
    input.values[static_cast<size_t>(random.between(0, last))] = std::numeric_limits<double>::quiet_NaN();
  }
}

Evaluated evaluate(const TorchCase& one, const fs::path& folder, reference::RandomSource& random) {
  const fs::path path = folder / (one.name + ".yaml");
  std::ofstream(path) << fmt::format(
      "deeper: 1\nname: {}\ninput: {{shape: [{}, {}, {}]}}\nlayers:\n  - {{id: it, {}}}\nheads: {{main: {{from: it, "
      "layers: []}}}}\n",
      one.name, one.input.height, one.input.width, one.input.channels, one.layer);
  Sources sources;
  Diagnostics diagnostics;
  Graph graph = check_spec(path, {}, {}, sources, diagnostics).built.graph;
  if (diagnostics.has_errors()) throw std::runtime_error(render(diagnostics, sources, false));
  bind_random(graph, random.next());
  reference::Tensor input = random_input(one.input, random);
  if (random.chance(40)) sprinkle_nan(input, random);
  const reference::Result result = reference::run(graph, input);
  Evaluated evaluated{to_array(result.nodes[static_cast<size_t>(index(graph.heads[0].output))]), {}};
  if (one.reads_x) evaluated.inputs["x"] = to_array(input);
  for (const auto& [name, from] : one.weights) evaluated.inputs[name] = weight(graph, from);
  for (const auto& [name, from] : one.values) evaluated.inputs[name] = to_array(value(graph, result, from));
  return evaluated;
}

/// What is wrong with a result; empty = nothing.
std::string compare(const test::Array& ours, const test::Array& theirs) {
  if (ours.dims != theirs.dims)
    return fmt::format("{} instead of {}", fmt::join(ours.dims, "x"), fmt::join(theirs.dims, "x"));
  double largest = 0, difference = 0;
  for (const double v : theirs.values) largest = std::max(largest, std::isnan(v) ? 0 : std::abs(v));
  for (size_t i = 0; i < ours.values.size(); ++i) {
    const double a = ours.values[i], b = theirs.values[i];
    if (std::isnan(a) != std::isnan(b)) return fmt::format("is {} instead of {} at {}", a, b, i);
    if (!std::isnan(a)) difference = std::max(difference, std::abs(a - b));
  }
  return difference <= tolerance * largest
             ? ""
             : fmt::format("differs by {} where the largest value is {}", difference, largest);
}

bool torch_is_there() { return std::system("/usr/bin/python3 -c 'import torch' >/dev/null 2>&1") == 0; }

std::string quoted_path(const fs::path& path) { return "'" + path.string() + "'"; }

int run(const fs::path& script, const fs::path& folder) {
  fs::create_directories(folder);
  reference::RandomSource random(2);
  const std::vector<TorchCase> cases = torch_cases(1, 24);
  nlohmann::json list = nlohmann::json::array();
  std::map<std::string, test::Array> inputs, ours;
  std::set<std::string> ops;
  for (const TorchCase& one : cases) {
    Evaluated evaluated = evaluate(one, folder, random);
    nlohmann::ordered_json names = nlohmann::ordered_json::object();
    for (auto& [name, array] : evaluated.inputs) {
      names[name] = one.name + "." + name;
      inputs[one.name + "." + name] = std::move(array);
    }
    ours[one.name] = std::move(evaluated.ours);
    ops.insert(one.op);
    list.push_back({{"name", one.name}, {"op", one.op}, {"inputs", names}, {"attrs", one.attributes}});
  }
  std::ofstream(folder / "cases.json") << list.dump(1);
  test::write_npz(folder / "in.npz", inputs, test::Precision::f64);
  const std::string command =
      fmt::format("/usr/bin/python3 {} --cases {} --inputs {} --out {}", quoted_path(script),
                  quoted_path(folder / "cases.json"), quoted_path(folder / "in.npz"), quoted_path(folder / "out.npz"));
  if (std::system(command.c_str()) != 0) throw std::runtime_error("torch_ops.py failed");
  const auto theirs = test::read_npz(folder / "out.npz");
  int failures = 0;
  for (const TorchCase& one : cases) {
    const std::string wrong = compare(ours.at(one.name), theirs.at(one.name));
    if (wrong.empty()) continue;
    ++failures;
    fmt::print("{}: {}\n  {} of {}, {}\n", one.name, wrong, one.layer, to_string(one.input), one.attributes.dump());
  }
  fmt::print("{} layers of {} kinds against PyTorch, {} differ\n", cases.size(), ops.size(), failures);
  return failures > 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  if (!torch_is_there()) {
    fmt::print("SKIPPED: /usr/bin/python3 has no torch (Debian: python3-torch)\n");
    return skipped;
  }
  try {
    return run(arguments[1], arguments[2]);
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
    return 1;
  }
}
