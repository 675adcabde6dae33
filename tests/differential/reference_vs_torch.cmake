# The reference itself is judged by an engine that we did not write; says so and passes as skipped where Debian's torch is missing.
add_executable(reference_vs_torch reference_vs_torch.cpp torch_cases.cpp)
target_link_libraries(reference_vs_torch PRIVATE deeper_reference deeper_test_npy fmt::fmt)
add_test(NAME reference_vs_torch
  COMMAND reference_vs_torch ${CMAKE_CURRENT_SOURCE_DIR}/torch_ops.py ${CMAKE_CURRENT_BINARY_DIR}/reference_vs_torch_files)
set_tests_properties(reference_vs_torch PROPERTIES LABELS differential SKIP_RETURN_CODE 77)
