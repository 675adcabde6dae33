#include "tests/differential/random_program.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

#include "codegen/compile/process.h"

namespace deeper {
namespace {

/// A source without its #include lines, which go to `includes`: inside a namespace they would do harm.
std::string without_includes(const std::string& text, std::set<std::string>& includes) {
  std::string rest;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string line = text.substr(at, end - at);
    at = end;
    if (line.starts_with("#include"))
      includes.insert(line);
    else if (!line.starts_with("#pragma once"))
      rest += line;
  }
  return rest;
}

std::string batch_source(const std::vector<RandomCase>& cases) {
  std::set<std::string> includes;
  std::string bodies, table;
  for (const RandomCase& one : cases) {
    std::set<std::string> own = {};
    const std::string header = without_includes(one.header, own), source = without_includes(one.source, own);
    own.erase(fmt::format("#include \"{}.h\"\n", one.name));
    includes.merge(own);
    bodies += fmt::format("namespace in_{} {{\n{}{}}}  // namespace in_{}\n", one.name, header, source, one.name);
    table += fmt::format("      &in_{}::{},\n", one.name, "network");
  }
  std::string text = "#include \"tests/differential/random_batch.h\"\n";
  for (const std::string& line : includes) text += line;
  return text + bodies +
         fmt::format(
             "int main(int, char** argv) {{\n  const rt::Network* const networks[] = {{\n{}  }};\n"
             "  return batch::run_all(networks, argv);\n}}\n",
             table);
}

template <class T>
void put(std::string& to, const T& value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class Values>
void put_floats(std::string& to, const Values& values) {
  for (const auto value : values) put(to, static_cast<float>(value));
}

template <class T>
bool take(const std::string& from, size_t& at, T& value) {
  if (from.size() - at < sizeof value) return false;
  memcpy(&value, from.data() + at, sizeof value);
  at += sizeof value;
  return true;
}

/// The records of one network up to its end mark; false when they stop before.
bool read_outputs(const std::string& bytes, size_t& at, SeenOutputs& outputs) {
  for (int32_t length = 0; take(bytes, at, length);) {
    if (length == -1) return true;
    std::string name = bytes.substr(at, static_cast<size_t>(length));
    at += name.size();
    int32_t height = 0, width = 0, channels = 0;
    if (!take(bytes, at, height) || !take(bytes, at, width) || !take(bytes, at, channels)) return false;
    Seen seen{{height, width, channels}, {}};
    seen.values.resize(static_cast<size_t>(seen.shape.elements().value()));
    for (float& value : seen.values)
      if (!take(bytes, at, value)) return false;
    outputs[name] = std::move(seen);
  }
  return false;
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool succeeded(const std::string& what, const Finished& finished) {
  if (!finished.ok()) fmt::print(stderr, "{} {}\n{}\n", what, finished.how(), finished.err.substr(0, 6000));
  return finished.ok();
}

}  // namespace

bool compile_batch(const std::vector<RandomCase>& cases, const Target& target, const std::string& folder,
                   const std::string& optimisation) {
  std::ofstream(folder + "/batch.cpp") << batch_source(cases);
  Command command{{DEEPER_TEST_COMPILER}, {}, 600};
  const std::vector<std::string> flags = compile_flags(target);
  command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
  command.arguments.insert(command.arguments.end(),
                           {optimisation, "-Wall", "-Wextra", "-Werror", "-I", DEEPER_SOURCE_FOLDER,
                            folder + "/batch.cpp", "-o", folder + "/batch", "-lm", "-lpthread"});
  return succeeded(folder + "/batch.cpp: the compiler", run(command));
}

bool run_batch(const std::vector<RandomCase>& cases, const std::string& folder, std::vector<SeenOutputs>& outputs) {
  std::string bytes;
  for (const RandomCase& one : cases) {
    put(bytes, static_cast<int32_t>(one.threads));
    put(bytes, static_cast<int64_t>(one.input.values.size()));
    put(bytes, static_cast<int64_t>(one.weights.size()));
    put_floats(bytes, one.input.values);
    put_floats(bytes, one.weights);
  }
  std::ofstream(folder + "/in", std::ios::binary) << bytes;
  const bool ran = succeeded(folder + "/batch", run({{folder + "/batch", folder + "/in", folder + "/out"}, {}, 300}));
  bytes = read_all(folder + "/out");
  outputs.assign(cases.size(), {});
  size_t at = 0;
  for (size_t i = 0; i < cases.size(); ++i)
    if (!read_outputs(bytes, at, outputs[i])) {
      fmt::print(stderr, "{}/batch wrote nothing more after {} (seed {}) had begun\n", folder, cases[i].name,
                 cases[i].seed);
      return false;
    }
  return ran;
}

}  // namespace deeper
