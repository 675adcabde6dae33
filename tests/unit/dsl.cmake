deeper_unit_test(dsl
  dsl_diagnostics.cpp
  dsl_expand.cpp
  dsl_expression.cpp
  dsl_field.cpp
  dsl_key_tables.cpp
  dsl_network_name.cpp
  dsl_networks.cpp
  dsl_params.cpp
  dsl_paths.cpp
  dsl_print.cpp
  dsl_read_file.cpp
  dsl_residual.cpp
  dsl_support.cpp
  dsl_text.cpp
  dsl_words.cpp
  dsl_yaml_tree.cpp
)
target_link_libraries(unit_dsl PRIVATE deeper_dsl fmt::fmt nlohmann_json::nlohmann_json)
target_compile_definitions(unit_dsl PRIVATE DEEPER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
