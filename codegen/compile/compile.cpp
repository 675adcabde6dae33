#include "codegen/compile/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <optional>
#include <thread>

#include "codegen/compile/files.h"
#include "codegen/compile/process.h"
#include "codegen/compile/runtime_objects.h"
#include "codegen/compile/stack_usage.h"
#include "codegen/compile/system.h"

namespace deeper {
namespace {

namespace fs = std::filesystem;

// Beside those that decide the results: compile_flags(target).
constexpr const char* more_flags[] = {
    "-fvisibility=hidden", "-fPIC", "-ffunction-sections", "-fdata-sections", "-Wall", "-Wextra", "-Werror"};

/// For what reads files of strangers; kernels do not, and would be slower.
constexpr const char* hardening_flags[] = {"-fstack-protector-strong", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"};

/// One C++ file and the archive or program that it belongs to.
struct Unit {
  enum class Part { network, image, program };
  std::string source, object;  ///< relative to the folder
  Part part = Part::network;

  /// The same for every network.
  bool runtime() const { return source.starts_with("runtime/"); }
};

std::vector<std::string> flags_for(const Target& target) {
  std::vector<std::string> flags = compile_flags(target);
  flags.insert(flags.end(), std::begin(more_flags), std::end(more_flags));
  flags.push_back(fmt::format("--target={}", target.triple));
  if (!image_libraries(target).all()) {
    flags.emplace_back("-DRT_NO_JPEG");
    flags.emplace_back("-DRT_NO_PNG");
  }
  return flags;
}

// The network first: it takes longest, and it alone goes into libNAME.a. Of the runtime's files, program*.cpp are the
// program's, the others read images.
std::vector<Unit> units_of(const CompileJob& job) {
  std::vector<std::string> runtime;
  std::error_code error;
  for (fs::directory_iterator at(job.folder + "/runtime", error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".cpp") runtime.push_back(at->path().filename().string());
  std::sort(runtime.begin(), runtime.end());

  std::vector<Unit> units = {{job.name + ".cpp", "obj.d/" + job.name + ".o", Unit::Part::network}};
  const auto add = [&](const std::string& source, const std::string& object, Unit::Part part) {
    if (fs::exists(job.folder + "/" + source, error)) units.push_back({source, object, part});
  };
  if (job.classify) add(job.name + "_image.cpp", "obj.d/" + job.name + "_image.o", Unit::Part::image);
  if (job.program) add(job.name + "_main.cpp", "obj.d/" + job.name + "_main.o", Unit::Part::program);
  for (const std::string& name : runtime) {
    const bool program = name.starts_with("program");
    if (job.program || !program)
      add("runtime/" + name, "obj.d/rt_" + name + ".o", program ? Unit::Part::program : Unit::Part::image);
  }
  return units;
}

enum class Which { own, runtime };

std::vector<Command> compile_commands(const std::vector<Unit>& units, Which which,
                                      const std::vector<std::string>& flags, const CompileJob& job,
                                      const Toolchain& tools) {
  std::vector<Command> commands;
  for (const Unit& unit : units) {
    if (unit.runtime() != (which == Which::runtime)) continue;
    Command command{{tools.clang, "--no-default-config", "-x", "c++"}, job.folder};
    command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
    if (unit.part == Unit::Part::network) command.arguments.emplace_back("-fstack-usage");
    if (unit.part != Unit::Part::network)
      command.arguments.insert(command.arguments.end(), std::begin(hardening_flags), std::end(hardening_flags));
    if (unit.runtime())
      for (const std::string& word : {std::string("-MD"), std::string("-MF"), unit.object + ".d"})
        command.arguments.push_back(word);
    for (const std::string& word : {std::string("-iquote"), std::string("obj.d/include"), std::string("-c"),
                                    unit.source, std::string("-o"), unit.object})
      command.arguments.push_back(word);
    commands.push_back(std::move(command));
  }
  return commands;
}

Command archive(const std::string& name, Unit::Part part, const std::vector<Unit>& units, const CompileJob& job,
                const Toolchain& tools) {
  Command command{{tools.ar, "rcsD", name}, job.folder};  // D: no dates, no owners
  for (const Unit& unit : units)
    if (unit.part == part) command.arguments.push_back(unit.object);
  return command;
}

// By clang's C driver, so that no C++ library comes in; libraries of the distribution by their static archives.
Command link_program(const std::vector<Unit>& units, const CompileJob& job, const Toolchain& tools) {
  Command command{{tools.clang, "--no-default-config", fmt::format("--target={}", job.target->triple), "-fuse-ld=lld",
                   "-pie", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,--gc-sections", "-Wl,--icf=none", "-Wl,--build-id=none",
                   "-Wl,--strip-all", "-Wl,--as-needed", "-o", job.name},
                  job.folder};
  for (const Unit& unit : units)
    if (unit.part == Unit::Part::program) command.arguments.push_back(unit.object);
  command.arguments.push_back(fmt::format("lib{}_image.a", job.name));
  command.arguments.push_back(fmt::format("lib{}.a", job.name));
  if (const ImageLibraries images = image_libraries(*job.target); images.all())
    for (const std::string& file : {images.jpeg, images.png, images.zlib}) command.arguments.push_back(file);
  command.arguments.insert(command.arguments.end(), {"-lm", "-lpthread"});
  return command;
}

// A disk that is full, a limit on files or memory, shows in the words of the compiler or of what it starts only.
bool environment_failed(const std::string& words) {
  for (const char* cause : {"No space left on device", "no space left", "File too large", "File size limit exceeded",
                            "Disk quota exceeded", "Cannot allocate memory", "out of memory", "bad_alloc", "Killed",
                            "Too many open files", "Resource temporarily unavailable"})
    if (words.find(cause) != std::string::npos) return true;
  return false;
}

std::string first_lines(const std::string& text, int count) {
  size_t end = 0;
  for (int i = 0; i < count && end < text.size(); ++i) end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return text.substr(0, end);
}

// True when all are well; else says which failed and whose fault it is.
bool judge(const std::vector<Command>& commands, const std::vector<Finished>& results, Diagnostics& diagnostics) {
  for (size_t i = 0; i < results.size(); ++i) {
    const Finished& result = results[i];
    if (result.ok() || (result.reason == Finished::Reason::not_started && result.code == 0)) continue;
    const std::string tool = fs::path(commands[i].arguments[0]).filename().string();
    const std::string what = fmt::format("{} {}", tool, result.how());
    if (result.reason == Finished::Reason::interrupted) {
      diagnostics.error("interrupted", {}, what);
    } else if (result.reason == Finished::Reason::not_started || environment_failed(result.err) ||
               (result.reason == Finished::Reason::signalled && (result.code == SIGKILL || result.code == SIGXFSZ))) {
      const std::string words = first_lines(result.err, 4);
      diagnostics.error("output-folder", {}, words.empty() ? what : fmt::format("{}: {}", what, words));
    } else {
      std::string line;
      for (const std::string& word : commands[i].arguments) line += (line.empty() ? "" : " ") + word;
      diagnostics.error("internal-compile", {}, fmt::format("{}\n{}\n{}", what, line, first_lines(result.err, 40)))
          .help = "this is a mistake of deeper's, not yours: please report it with the spec";
    }
    return false;
  }
  return true;
}

bool run_step(const std::vector<Command>& commands, int at_once, const std::function<void(size_t)>& done,
              Diagnostics& diagnostics, std::vector<Finished>* results = nullptr) {
  const std::vector<Finished> finished = run_all(commands, at_once, done);
  if (results != nullptr) *results = finished;
  return judge(commands, finished, diagnostics);
}

void announce(const std::vector<Unit>& units, const CompileJob& job) {
  if (!job.announce) return;
  for (const Unit& unit : units) job.announce(unit.object);
  for (const Unit& unit : units)
    if (unit.runtime()) job.announce(unit.object + ".d");
  for (const char* form : {"obj.d/include/runtime", "lib{}.a", "lib{}_image.a", "{}"})
    job.announce(fmt::format(fmt::runtime(form), job.name));
}

// obj.d/ for objects (no program is called so), and in it the only place where files included by name are looked for:
// it holds nothing but the way to runtime/, so that no header of a network (jconfig.h) takes the place of one of the
// system.
bool make_object_folder(const std::string& folder, Diagnostics& diagnostics) {
  std::error_code error;
  fs::create_directories(folder + "/obj.d/include", error);
  if (!error) fs::create_directory_symlink("../../runtime", folder + "/obj.d/include/runtime", error);
  if (error)
    diagnostics.error("output-folder", {}, fmt::format("cannot create a folder for objects: {}", error.message()));
  return !error;
}

// Objects of all units, those of the runtime from the cache where it has them: `units` then say where.
// What is given back keeps them there.
std::optional<RuntimeObjects> make_objects(std::vector<Unit>& units, const CompileJob& job, const Toolchain& tools,
                                           CompileReport& report, const std::function<void(size_t)>& progress,
                                           Diagnostics& diagnostics) {
  std::vector<Command> commands = compile_commands(units, Which::own, report.flags, job, tools);
  const std::vector<Command> runtime = compile_commands(units, Which::runtime, report.flags, job, tools);
  std::vector<std::string> objects;
  for (const Unit& unit : units)
    if (unit.runtime()) objects.push_back(unit.object);
  RuntimeObjects kept(job, tools, runtime, objects);
  if (!kept.found()) commands.insert(commands.end(), runtime.begin(), runtime.end());
  const int at_once = std::clamp(int(std::thread::hardware_concurrency()), 1, 8);
  std::vector<Finished> results;
  if (!run_step(commands, at_once, progress, diagnostics, &results)) return std::nullopt;
  report.seconds_network = results[0].seconds;
  for (Unit& unit : units)
    if (unit.runtime()) unit.object = kept.path(unit.object);
  kept.keep();
  return kept;
}

}  // namespace

CompileReport compile(const CompileJob& job, const Toolchain& tools, Diagnostics& diagnostics) {
  CompileReport report;
  report.flags = flags_for(*job.target);
  report.hardening_flags.assign(std::begin(hardening_flags), std::end(hardening_flags));
  std::vector<Unit> units = units_of(job);
  announce(units, job);
  if (!make_object_folder(job.folder, diagnostics)) return report;
  const size_t steps = units.size() + (job.program ? 3 : 2);
  const auto progress = [&](size_t done) {
    if (job.progress) job.progress(done, steps);
  };
  if (const auto runtime = make_objects(units, job, tools, report, progress, diagnostics)) {
    std::string reason;
    report.stack_bytes =
        stack_bound(read_file(fmt::format("{}/obj.d/{}.su", job.folder, job.name), reason).value_or(""));
    std::vector<Command> rest = {archive(fmt::format("lib{}.a", job.name), Unit::Part::network, units, job, tools),
                                 archive(fmt::format("lib{}_image.a", job.name), Unit::Part::image, units, job, tools)};
    if (job.program) rest.push_back(link_program(units, job, tools));
    run_step(rest, 1, [&](size_t done) { progress(units.size() + done); }, diagnostics);
  }
  std::error_code ignored;
  fs::remove_all(job.folder + "/obj.d", ignored);
  return report;
}

}  // namespace deeper
