# Everything between a spec and its C++.
fuzz_target(pipeline fuzz_pipeline.cpp)
target_link_libraries(fuzz_pipeline PRIVATE deeper_codegen)
