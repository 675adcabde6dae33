deeper_unit_test(ir
  ir_build.cpp
  ir_networks.cpp
  ir_ops.cpp
  ir_support.cpp
  ir_verify.cpp
  passes_constants.cpp
  passes_fold.cpp
  passes_properties.cpp
)
target_link_libraries(unit_ir PRIVATE deeper_reference)
target_compile_definitions(unit_ir PRIVATE DEEPER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
