// Runs every case of a folder (or the files named): the messages must be those in the file, to the letter, and cheap.
// UPDATE_GOLDEN=1 rewrites the files; a plain run also proves that this would change nothing.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "codegen/ir/check.h"
#include "tests/golden/error_case.h"
#include "tests/golden/runner.h"

namespace {

namespace fs = std::filesystem;

// What the whole command may take is 2 s and 200 MB; here is no process to start.
constexpr double most_cpu_seconds = 2;
constexpr long most_resident_kb = 200 * 1024;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// Lays the case's files out in an empty folder.
void lay_out(const golden::ErrorCase& one, const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  if (one.spec) {
    std::string text = golden::bytes_of(one, *one.spec);
    if (const auto fill = one.headers.find("fill"); fill != one.headers.end()) {
      const size_t blank = fill->second.find(' ');
      text.pop_back();
      for (size_t i = std::stoul(fill->second); i > 0; --i) text += fill->second.substr(blank + 1);
    }
    write_text(folder / "net.yaml", text);
  }
  for (const golden::Part& part : one.parts) {
    if (part.kind == "file") write_text(folder / part.name, golden::bytes_of(one, part.text));
    if (part.kind == "folder") fs::create_directories(folder / part.name);
    if (part.kind == "link") fs::create_symlink(part.text, folder / part.name);
  }
}

void read_options(const golden::ErrorCase& one, deeper::ParseOptions& parse, deeper::BuildOptions& build) {
  const auto header = one.headers.find("options");
  std::istringstream words(header == one.headers.end() ? "" : header->second);
  std::string name, value;
  while (words >> name >> value) (name == "--set" ? parse.set : build.heads).push_back(value);
}

/// Runs one case in the folder that is the current one; fills in what came out.
golden::ErrorCase run_case(golden::ErrorCase one) {
  deeper::ParseOptions parse;
  deeper::BuildOptions build;
  read_options(one, parse, build);
  deeper::Sources sources;
  deeper::Diagnostics diagnostics;
  deeper::check_spec("net.yaml", parse, build, sources, diagnostics);
  std::set<std::string> ids;
  for (const deeper::Diagnostic& each : diagnostics.all()) ids.insert(std::string(each.id));
  std::string list;
  for (const std::string& id : ids) list += (list.empty() ? "" : ", ") + id;
  one.headers["ids"] = list.empty() ? "none" : list;
  one.errors = deeper::render(diagnostics, sources, false);
  if (!diagnostics.has_errors()) one.errors += "(no error)\n";
  return one;
}

struct Cost {
  double cpu_seconds = 0;
  long resident_kb = 0;
  bool crashed = false;
};

/// The case run in a process of its own, so that what it takes can be measured; it leaves the rewritten text in
/// `result`.
Cost run_apart(const golden::ErrorCase& one, const fs::path& folder, const fs::path& result) {
  const pid_t child = fork();
  if (child == 0) {
    fs::current_path(folder);
    write_text(result, golden::write_case(run_case(one)));
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss, status != 0};
}

/// What is wrong with a case; empty = nothing.
std::string check(const fs::path& file, const fs::path& folder, bool update) {
  const std::string text = golden::read_text(file);
  std::string wrong;
  const auto one = golden::read_case(text, wrong);
  if (!one) return wrong;
  lay_out(*one, folder / "case");
  const Cost cost = run_apart(*one, folder / "case", folder / "result");
  if (cost.crashed) return "the process died";
  const std::string rewritten = golden::read_text(folder / "result");
  const auto now = golden::read_case(rewritten, wrong);
  if (!now) return wrong;
  if (update && rewritten != text) write_text(file, rewritten);
  if (now->headers.at("ids") == "none") return "nothing was found wrong\n" + now->errors;
  if (!update && rewritten != text)
    return now->errors != one->errors ? "expected:\n" + one->errors + "got:\n" + now->errors
                                      : "an update would change the file";
  if (cost.cpu_seconds > most_cpu_seconds * (sanitized ? 10 : 1)) return fmt::format("took {:.1f} s", cost.cpu_seconds);
  if (!sanitized && cost.resident_kb > most_resident_kb) return fmt::format("took {} MB", cost.resident_kb / 1024);
  return {};
}

}  // namespace

int main(int count, char** arguments) { return golden::run(count, arguments, check); }
