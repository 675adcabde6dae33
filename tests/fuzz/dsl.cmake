fuzz_target(spec fuzz_spec.cpp)
target_link_libraries(fuzz_spec PRIVATE deeper_dsl)
