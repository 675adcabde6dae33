deeper_unit_test(reference
  ir_support.cpp
  reference_ops.cpp
  reference_bounds.cpp
  support_npy.cpp
)
target_link_libraries(unit_reference PRIVATE deeper_reference deeper_test_npy)
target_compile_definitions(unit_reference PRIVATE DEEPER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
