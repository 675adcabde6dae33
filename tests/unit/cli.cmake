# codegen/cli: what can be tested without running the whole of it; tests/golden/cli and tests/system do that.
deeper_unit_test(cli
  cli_golden_changes.cpp
  cli_golden_hints.cpp
  cli_goldens.cpp
  cli_table.cpp
)
target_link_libraries(unit_cli PRIVATE deeper_cli)
