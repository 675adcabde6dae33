# generated/ is what comes out today, within its budget, and compiles alone. ./dev generated rewrites it.
add_test(NAME golden_generated
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/generated.sh check $<TARGET_FILE:deeper>)
set_tests_properties(golden_generated PROPERTIES LABELS golden)
