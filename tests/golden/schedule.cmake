# Schedules: buffers and steps of small networks for one target.
add_executable(golden_schedule run_schedule.cpp runner.cpp)
target_link_libraries(golden_schedule PRIVATE deeper_codegen deeper_dsl fmt::fmt)
add_test(NAME golden_schedule COMMAND golden_schedule ${CMAKE_CURRENT_SOURCE_DIR}/schedule)
set_tests_properties(golden_schedule PROPERTIES LABELS golden)
