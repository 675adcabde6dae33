add_executable(fuzz_spec fuzz_spec.cpp)
target_link_libraries(fuzz_spec PRIVATE deeper_options deeper_dsl)
target_link_options(fuzz_spec PRIVATE -fsanitize=fuzzer)
