// Runs every case of a folder (or the files named): a spec, a target, and what the schedule or the generated source
// makes of it. UPDATE_GOLDEN=1 rewrites the files; a plain run also proves that this would change nothing. A case:
//
//   # What it shows.
//   target: x86-64-v4
//   --- spec
//   the layers and what follows, as in a network file; "deeper: 1" and the name are put in front
//   --- buffers                       also `steps`, `step NAME` with its reasons
//   --- function conv1                also `views`, `weights`, `tables`: parts of NAME.cpp
//   ...
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "codegen/emit/emit.h"
#include "codegen/ir/check.h"
#include "codegen/passes/pipeline.h"
#include "codegen/schedule/schedule_api.h"
#include "tests/golden/runner.h"

namespace {

namespace fs = std::filesystem;
using namespace deeper;

struct Case {
  std::string head;  ///< comment and header lines
  std::string target;
  std::vector<std::pair<std::string, std::string>> parts;  ///< name, text
};

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
      if (line.starts_with("target: ")) one.target = line.substr(8);
    }
  }
  return one;
}

std::string write_case(const Case& one) {
  std::string text = one.head;
  for (const auto& [name, part] : one.parts) text.append("--- ").append(name).append("\n").append(part);
  return text;
}

/// The lines between the first one that begins with `begin` and the next that is `end`, both included or not.
std::string lines_between(const std::string& text, const std::string& begin, const std::string& end, bool with_ends) {
  std::istringstream in(text);
  std::string found;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    const bool first = !inside && line.starts_with(begin), last = inside && line == end;
    if (with_ends ? inside || first : inside && !last) found += line + "\n";
    if (last) break;
    inside = inside || first;
  }
  return found;
}

/// A step's line in `print`'s list and what is indented below it.
std::string step_text(const std::string& printed, const std::string& name) {
  std::istringstream in(lines_between(printed, "steps", "", false));
  std::string found;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("    ")) inside = line.find(" " + name + "  ") != std::string::npos;
    if (inside) found += line + "\n";
  }
  return found;
}

std::string step_lines(const std::string& printed) {
  std::istringstream in(lines_between(printed, "steps", "", false));
  std::string found;
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with("    ")) found += line + "\n";
  return found;
}

std::string part_of(const std::string& name, const Schedule& schedule, const std::string& source) {
  if (name == "buffers") return lines_between(print(schedule), "buffers", "", false);
  if (name == "steps") return step_lines(print(schedule));
  if (name.starts_with("step ")) return step_text(print(schedule), name.substr(5));
  if (name.starts_with("function ")) return lines_between(source, "static void " + name.substr(9) + "(", "}", true);
  if (name == "views") return lines_between(source, "namespace buffers {", "}  // namespace buffers", false);
  if (name == "weights") return lines_between(source, "namespace weights {", "}  // namespace weights", false);
  if (name == "tables")
    return lines_between(source, "}  // namespace steps", "static const rt::Network network = {", false);
  return {};
}

/// Fills in what came out; what went wrong before that, empty = nothing.
std::string run_case(Case& one, const fs::path& folder) {
  const Target* target = find_target(one.target);
  if (!target || one.parts.empty() || one.parts[0].first != "spec") return "wants `target:` and `--- spec`";
  const fs::path spec = folder / "net.yaml";
  std::ofstream(spec, std::ios::binary) << "deeper: 1\nname: net\n" << one.parts[0].second;
  Sources sources;
  Diagnostics diagnostics;
  Checked checked = check_spec(spec, {}, {}, sources, diagnostics);
  if (!diagnostics.all().empty()) return render(diagnostics, sources, false);
  const Graph graph = optimize(std::move(checked.built.graph), {});
  ScheduleOptions options;
  options.sources = &sources;
  const Schedule result = schedule(graph, *target, options);
  if (const std::string wrong = verify(result); !wrong.empty()) return wrong;
  const std::vector<SourceText> sources_out = emit(result);
  for (size_t i = 1; i < one.parts.size(); ++i) {
    auto& [name, text] = one.parts[i];
    text = part_of(name, result, sources_out.at(1).text);
    if (text.empty()) return "there is no `" + name + "`";
  }
  return one.parts.size() > 1 ? "" : "shows nothing";
}

/// What is wrong with a file; empty = nothing.
std::string check(const fs::path& file, const fs::path& folder, bool update) {
  const std::string text = golden::read_text(file);
  Case one = read_case(text);
  std::string wrong = run_case(one, folder);
  if (!wrong.empty()) return wrong;
  const std::string now = write_case(one);
  if (now == text) return {};
  if (update) std::ofstream(file, std::ios::binary) << now;
  return update ? std::string() : "expected:\n" + text + "got:\n" + now;
}

}  // namespace

int main(int count, char** arguments) { return golden::run(count, arguments, check); }
