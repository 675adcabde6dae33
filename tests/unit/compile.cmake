# codegen/compile: files and folders, processes, the weights file, what this machine has.
deeper_unit_test(compile
  compile_arrays.cpp
  compile_blob.cpp
  compile_cache.cpp
  compile_goldens.cpp
  compile_labels.cpp
  compile_output_folder.cpp
  compile_place.cpp
  compile_process.cpp
  compile_replace_file.cpp
  compile_support.cpp
  compile_toolchain.cpp
  compile_work_folder.cpp
)
target_link_libraries(unit_compile PRIVATE deeper_codegen)
