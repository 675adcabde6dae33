// deeper: dispatches to the subcommands of codegen/cli.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <new>

#include "codegen/cli/command.h"
#include "codegen/compile/version.h"

namespace deeper {
namespace {

constexpr const char* examples = R"(Examples:
  deeper check dsl/networks/googlenet.yaml
  deeper build dsl/networks/googlenet.yaml --weights googlenet.safetensors -o out/googlenet
  deeper run   dsl/networks/googlenet.yaml --weights googlenet.safetensors cat.jpg

)";

// A closed standard stream would become the first file that we write.
void open_standard_streams() {
  for (int file = 0; file < 3; ++file)
    if (fcntl(file, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);
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
  commands.push_back(add_targets(app));
  return commands;
}

// The innermost command that was named.
const Subcommand* chosen(const std::vector<Subcommand>& commands) {
  const Subcommand* found = nullptr;
  for (const Subcommand& command : commands)
    if (command.app->parsed()) found = &command;
  return found;
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
    fmt::print("{}{}", command != nullptr ? command->examples : examples,
               (command != nullptr ? command->app : &app)->help());
    return status_done;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --version
    const Subcommand* command = chosen(commands);
    fmt::print(stderr, "deeper: {}\ntry: deeper{}{} --help\n", error.what(), command != nullptr ? " " : "",
               command != nullptr ? command->app->get_name() : "");
    return status_usage;
  }
  return chosen(commands)->run();
}

}  // namespace
}  // namespace deeper

int main(int argc, char** argv) {
  deeper::open_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit then shows as an error of `write`
  try {
    return deeper::dispatch(argc, argv);
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "deeper: out of memory\n");
    return deeper::status_wrong;
  } catch (const std::exception& error) {
    fmt::print(stderr, "deeper: {}\nThis is a mistake of deeper's: please report it.\n", error.what());
    return deeper::status_our_fault;
  }
}
