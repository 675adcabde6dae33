// Runs every case of a folder (or the files named): a spec, the passes to run, and the graph that comes out.
// UPDATE_GOLDEN=1 rewrites the files; a plain run also proves that this would change nothing. A case:
//
//   # What it shows.
//   passes: fuse-epilogues, merge-siblings     only these run, in the pipeline's order (none: the graph as built)
//   --- spec
//   the layers and what follows, as in a network file; "deeper: 1" and the name are put in front
//   --- weights                                optional: values by path, for passes that compute
//   conv/weight: 1 2 3
//   --- graph                                  nodes; also `heads`, `constants`: what the case wants to see
//   ...
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "codegen/ir/check.h"
#include "codegen/ir/verify.h"
#include "codegen/passes/pipeline.h"
#include "tests/golden/runner.h"

namespace {

namespace fs = std::filesystem;
using namespace deeper;

struct Case {
  std::string head;  ///< comment and header lines
  std::vector<std::string> passes;
  std::vector<std::pair<std::string, std::string>> parts;  ///< name, text

  std::string part(std::string_view name) const {
    for (const auto& [key, text] : parts)
      if (key == name) return text;
    return {};
  }
};

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) {
    word.erase(std::remove(word.begin(), word.end(), ','), word.end());
    if (!word.empty() && word != "none") out.push_back(word);
  }
  return out;
}

Case read_case(const std::string& text) {
  Case one;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("--- ")) {
      one.parts.push_back({line.substr(4), ""});
    } else if (!one.parts.empty()) {
      one.parts.back().second += line + "\n";
    } else {
      one.head += line + "\n";
      if (line.starts_with("passes:")) one.passes = words(line.substr(7));
    }
  }
  return one;
}

std::string write_case(const Case& one) {
  std::string text = one.head;
  for (const auto& [name, part] : one.parts) text.append("--- ").append(name).append("\n").append(part);
  return text;
}

/// "path: 1 2 3" lines onto the constants; what is wrong with them, empty = nothing.
std::string bind_values(Graph& graph, const std::string& text) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::string path = line.substr(0, line.find(':'));
    auto values = std::make_shared<std::vector<float>>();
    for (const std::string& word : words(line.substr(path.size() + 1))) values->push_back(std::stof(word));
    const auto constant =
        std::find_if(graph.constants.begin(), graph.constants.end(), [&](const Constant& c) { return c.path == path; });
    if (constant == graph.constants.end()) return "no weights are called " + path;
    constant->values = std::move(values);
  }
  return {};
}

PassOptions only(const std::vector<std::string>& passes, std::string& wrong) {
  PassOptions options;
  for (const std::string_view name : pass_names())
    if (std::find(passes.begin(), passes.end(), name) == passes.end()) options.disabled.emplace_back(name);
  if (options.disabled.size() + passes.size() != pass_names().size()) wrong = "`passes:` names one that does not exist";
  options.after = [&wrong](std::string_view pass, const Graph& graph) {
    if (const std::string broken = verify(graph); wrong.empty() && !broken.empty())
      wrong = fmt::format("after {}: {}\n", pass, broken);
  };
  return options;
}

/// Fills in what came out; what went wrong before that, empty = nothing.
std::string run_case(Case& one, const fs::path& folder) {
  const fs::path spec = folder / "net.yaml";
  std::ofstream(spec, std::ios::binary) << "deeper: 1\nname: net\n" << one.part("spec");
  Sources sources;
  Diagnostics diagnostics;
  Checked checked = check_spec(spec, {}, {}, sources, diagnostics);
  if (!diagnostics.all().empty()) return render(diagnostics, sources, false);
  Graph graph = std::move(checked.built.graph);
  std::string wrong = bind_values(graph, one.part("weights"));
  const PassOptions options = only(one.passes, wrong);
  if (!one.passes.empty()) graph = optimize(std::move(graph), options);
  if (wrong.empty()) wrong = verify(graph);
  for (auto& [name, text] : one.parts) {
    if (name == "graph") text = print_nodes(graph);
    if (name == "heads") text = print_heads(graph);
    if (name == "constants") text = print_constants(graph);
  }
  return wrong;
}

/// What is wrong with a file; empty = nothing.
std::string check(const fs::path& file, const fs::path& folder, bool update) {
  const std::string text = golden::read_text(file);
  Case one = read_case(text);
  std::string wrong = run_case(one, folder);
  if (!wrong.empty()) return wrong;
  if (one.part("graph").empty() && one.part("heads").empty() && one.part("constants").empty())
    return "shows nothing: it wants `--- graph`";
  const std::string now = write_case(one);
  if (now == text) return {};
  if (update) std::ofstream(file, std::ios::binary) << now;
  return update ? std::string() : "expected:\n" + text + "got:\n" + now;
}

}  // namespace

int main(int count, char** arguments) { return golden::run(count, arguments, check); }
