fuzz_target(safetensors fuzz_safetensors.cpp codegen/weights/file_kind.cpp codegen/weights/floats.cpp codegen/weights/safetensors.cpp codegen/weights/safetensors_header.cpp)
target_link_libraries(fuzz_safetensors PRIVATE deeper_dsl fmt::fmt nlohmann_json::nlohmann_json)
