# Wrong specs and their whole messages; each file holds both.
add_executable(golden_errors run_errors.cpp runner.cpp error_case.cpp)
target_link_libraries(golden_errors PRIVATE deeper_codegen deeper_dsl fmt::fmt)
add_test(NAME golden_errors COMMAND golden_errors ${CMAKE_CURRENT_SOURCE_DIR}/errors)
add_test(NAME golden_error_ids COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/error_ids.py
         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(golden_errors golden_error_ids PROPERTIES LABELS golden)
