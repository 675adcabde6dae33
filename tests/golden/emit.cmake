# Generated C++: functions and tables of small networks for one target.
add_test(NAME golden_emit COMMAND golden_schedule ${CMAKE_CURRENT_SOURCE_DIR}/emit)
set_tests_properties(golden_emit PROPERTIES LABELS golden)
