# What the command line prints, word for word; each file holds a case's input and output.
add_test(NAME golden_cli COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/run_cli.py $<TARGET_FILE:deeper>
         ${CMAKE_CURRENT_SOURCE_DIR}/cli)
set_tests_properties(golden_cli PROPERTIES LABELS golden)
