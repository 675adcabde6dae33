# What a generated program reads besides pictures: its weights file, and tensors.
fuzz_target(blob fuzz_blob.cpp)
target_link_libraries(fuzz_blob PRIVATE deeper_runtime Threads::Threads)
target_compile_options(fuzz_blob PRIVATE -Wno-missing-field-initializers)
fuzz_target(tensor fuzz_tensor.cpp runtime/program_files.cpp runtime/program_json.cpp runtime/program_npy.cpp runtime/program_problem.cpp
  runtime/program_temporary.cpp)
target_link_libraries(fuzz_tensor PRIVATE deeper_runtime)
fuzz_target(program fuzz_program.cpp tests/support/toy_blob.cpp)
target_link_libraries(fuzz_program PRIVATE deeper_test_program)
