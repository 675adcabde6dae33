// deeper: dispatches to the subcommands of codegen/cli.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <system_error>

#include "codegen/cli/command.h"
#include "codegen/cli/talk.h"
#include "codegen/compile/system.h"
#include "codegen/compile/version.h"
#include "dsl/text.h"

namespace deeper {
namespace {

constexpr const char* examples = R"(Examples:
  deeper check dsl/networks/googlenet.yaml
  deeper build dsl/networks/googlenet.yaml --weights googlenet.safetensors -o out/googlenet
  deeper run   dsl/networks/googlenet.yaml --weights googlenet.safetensors cat.jpg

)";

// A closed standard stream would become the first file that we write. What is written to it still fails.
void open_standard_streams() {
  for (int file = 0; file < 3; ++file)
    if (fcntl(file, F_GETFD) < 0) (void)open("/dev/null", O_RDONLY);
}

std::vector<Subcommand> add_commands(CLI::App& app) {
  std::vector<Subcommand> commands = {add_check(app), add_expand(app), add_dump(app), add_build(app), add_run(app)};
  CLI::App* golden = app.add_subcommand("golden", "records outputs, and checks that they still hold");
  golden->require_subcommand(1);
  commands.push_back({golden, "", {}});
  commands.push_back(add_golden_record(*golden));
  commands.push_back(add_golden_check(*golden));
  commands.push_back(add_bench(app));
  commands.push_back(add_explain(app));
  commands.push_back(add_draw(app));
  commands.push_back(add_schema(app));
  commands.push_back(add_cache(app));
  commands.push_back(add_targets(app));
  commands.push_back(add_weights(app));
  return commands;
}

// The innermost command that was named.
const Subcommand* chosen(const std::vector<Subcommand>& commands) {
  const Subcommand* found = nullptr;
  for (const Subcommand& command : commands)
    if (command.app->parsed()) found = &command;
  return found;
}

// "deeper golden", the words before a command's own name.
std::string words_before(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  if (parent == nullptr) return "";
  const std::string before = words_before(*parent);
  return before + (before.empty() ? "" : " ") + parent->get_name();
}

// What CLI11 says, but for a first word that is no command: it would only ask for one.
std::string complaint(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return error.what();
  std::vector<std::string_view> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return error.what();
    names.push_back(command->get_name());
  }
  return fmt::format("there is no command {}; {}", ticked(argv[1]), suggestion(argv[1], names, "commands"));
}

int dispatch(int argc, char** argv) {
  CLI::App app("deeper turns a YAML description of a network and its weights into C++ and a standalone classifier",
               "deeper");
  app.set_version_flag("--version", tool_version());
  app.require_subcommand(1);
  const std::vector<Subcommand> commands = add_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const Subcommand* command = chosen(commands);
    const CLI::App& asked = command != nullptr ? *command->app : app;
    fmt::print("{}{}", command != nullptr ? command->examples : examples, asked.help(words_before(asked)));
    return status_done;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());  // app.exit would print it to a stream that nobody asks
    return status_done;
  } catch (const CLI::ParseError& error) {
    const Subcommand* command = chosen(commands);
    const CLI::App& asked = command != nullptr ? *command->app : app;
    const std::string before = words_before(asked);
    talk("deeper: {}\ntry: {}{}{} --help\n", printable_lines(complaint(app, error, argc, argv), "    "), before,
         before.empty() ? "" : " ", asked.get_name());
    return status_usage;
  }
  return chosen(commands)->run();
}

[[noreturn]] void end_without_memory() {
  constexpr std::string_view words = "deeper: out of memory\n";
  [[maybe_unused]] const ssize_t told = write(STDERR_FILENO, words.data(), words.size());
  _exit(status_wrong);
}

// Some functions of libraries let no exception through, not even that there is no memory.
[[noreturn]] void end_for_an_exception() {
  try {
    if (std::current_exception()) throw;
  } catch (const std::bad_alloc&) {
    end_without_memory();
  } catch (const std::system_error&) {  // nobody takes what we have to say
    _exit(status_wrong);
  } catch (...) {
    std::abort();
  }
  std::abort();
}

}  // namespace
}  // namespace deeper

int main(int argc, char** argv) {
  std::set_terminate(deeper::end_for_an_exception);
  deeper::on_llvm_without_memory(deeper::end_without_memory);
  deeper::open_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit then shows as an error of `write`
  try {
    const int status = deeper::dispatch(argc, argv);
    if (fflush(stdout) != 0) throw std::system_error(errno, std::generic_category(), "standard output");
    return status;
  } catch (const std::system_error& error) {  // where results could not be written
    deeper::talk("deeper: {}\n", deeper::printable_lines(error.what(), "    "));
    return deeper::status_wrong;
  } catch (const std::bad_alloc&) {
    deeper::talk("deeper: out of memory\n");
    return deeper::status_wrong;
  } catch (const std::exception& error) {
    deeper::talk("deeper: {}\nThis is a mistake of deeper's: please report it.\n",
                 deeper::printable_lines(error.what(), "    "));
    return deeper::status_our_fault;
  }
}
