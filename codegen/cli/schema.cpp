// deeper schema: the language for editors.
#include "dsl/schema.h"

#include <fmt/format.h>

#include "codegen/cli/command.h"

namespace deeper {

Subcommand add_schema(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("schema", "the language as a JSON Schema (draft-07), for editors");
  return {sub,
          "Examples:\n"
          "  deeper schema > dsl/schema.json\n"
          "  and as a network's first line: # yaml-language-server: $schema=../schema.json\n\n",
          [] {
            fmt::print("{}", json_schema());
            return status_done;
          }};
}

}  // namespace deeper
