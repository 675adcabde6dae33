# `deeper draw`, read back from the SVG.
add_test(NAME golden_draw COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/draw.py $<TARGET_FILE:deeper>
         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(golden_draw PROPERTIES LABELS golden)
