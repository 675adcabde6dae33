# The JSON Schema for editors, against a validator that is not ours. Exit 77 is a skip, told aloud.
add_test(NAME golden_schema COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/schema.py $<TARGET_FILE:deeper>
         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(golden_schema PROPERTIES LABELS golden SKIP_RETURN_CODE 77)
