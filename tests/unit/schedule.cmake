deeper_unit_test(schedule
  ir_support.cpp
  schedule_arena.cpp
  schedule_names.cpp
  schedule_networks.cpp
  schedule_pack.cpp
  schedule_pool.cpp
  schedule_share.cpp
  schedule_target.cpp
  schedule_tiles.cpp
  schedule_verify.cpp
)
target_link_libraries(unit_schedule PRIVATE deeper_reference)
target_compile_definitions(unit_schedule PRIVATE DEEPER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
