# What the pages show is what comes out. The page of the language builds a program, which takes a while.
add_test(NAME golden_pages COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/pages.py $<TARGET_FILE:deeper>
         README.md dsl/networks/README.md WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(golden_pages PROPERTIES LABELS golden)
if(NOT DEEPER_SANITIZE AND NOT DEEPER_FUZZ)
  add_test(NAME system_tutorial COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/pages.py $<TARGET_FILE:deeper>
           dsl/README.md dsl/PORTING.md WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(system_tutorial PROPERTIES LABELS system)
endif()
