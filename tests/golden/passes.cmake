# Graphs before and after passes; each file holds the spec, the passes to run and what comes out.
add_executable(golden_passes run_passes.cpp runner.cpp)
target_link_libraries(golden_passes PRIVATE deeper_codegen deeper_dsl fmt::fmt)
add_test(NAME golden_passes COMMAND golden_passes ${CMAKE_CURRENT_SOURCE_DIR}/passes)
set_tests_properties(golden_passes PROPERTIES LABELS golden)
