deeper_unit_test(weights
  ir_support.cpp
  weights_bind.cpp
  weights_formats.cpp
  weights_kinds.cpp
  weights_pair.cpp
  weights_safetensors.cpp
)
target_link_libraries(unit_weights PRIVATE deeper_codegen)
target_compile_definitions(unit_weights PRIVATE DEEPER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
