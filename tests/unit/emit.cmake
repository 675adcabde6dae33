deeper_unit_test(emit
  emit_files.cpp
  emit_hostile.cpp
  emit_names.cpp
  emit_share.cpp
  emit_target.cpp
  emit_text.cpp
  ir_support.cpp
)
target_link_libraries(unit_emit PRIVATE deeper_codegen)
target_compile_definitions(unit_emit PRIVATE DEEPER_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DEEPER_CXX="${CMAKE_CXX_COMPILER}")
