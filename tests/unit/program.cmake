# The program around networks, by a network written by hand: linked as generated programs are, without a C++ library.
set(DEEPER_PROGRAM_SOURCES
  program.cpp program_bench.cpp program_checks.cpp program_classify.cpp program_eval.cpp program_files.cpp program_help.cpp
  program_inputs.cpp program_json.cpp program_list.cpp program_npy.cpp program_npz.cpp program_options.cpp program_problem.cpp
  program_profile.cpp program_progress.cpp program_session.cpp program_signals.cpp program_temporary.cpp)
list(TRANSFORM DEEPER_PROGRAM_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/runtime/)

add_library(deeper_test_program STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/support/toy_network.cpp ${DEEPER_PROGRAM_SOURCES})
target_compile_options(deeper_test_program PRIVATE ${DEEPER_RUNTIME_FLAGS})
target_link_libraries(deeper_test_program PRIVATE deeper_options PUBLIC deeper_test_image Threads::Threads)

add_executable(toy_program EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/support/toy_main.cpp)
target_compile_options(toy_program PRIVATE ${DEEPER_RUNTIME_FLAGS})
target_link_libraries(toy_program PRIVATE deeper_options deeper_test_program)
target_link_options(toy_program PRIVATE -Wl,--as-needed)  # CMake names the C++ library all the same
set_target_properties(toy_program PROPERTIES LINKER_LANGUAGE C)

add_executable(toy_weights EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/support/toy_weights.cpp ${PROJECT_SOURCE_DIR}/tests/support/toy_blob.cpp
  ${PROJECT_SOURCE_DIR}/tests/support/toy_network.cpp)
target_link_libraries(toy_weights PRIVATE deeper_options deeper_runtime m)

foreach(part cli text faults)
  add_test(NAME unit_program_${part} COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/program_${part}.py ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(unit_program_${part} PROPERTIES LABELS "unit;threads" SKIP_RETURN_CODE 77)
endforeach()
