# Writes OUTPUT, a C++ file that carries each of FILES (below RUNTIME) by .incbin and defines deeper::runtime_file.
set(data "")
set(table "")
set(index 0)
foreach(file ${FILES})
  get_filename_component(name "${file}" NAME)
  string(APPEND data "asm(\".section .rodata.deeper_runtime,\\\"a\\\"\\nfile_${index}_begin: .incbin \\\"${file}\\\"\\nfile_${index}_end:\\n.previous\\n\");\n")
  string(APPEND data "extern \"C\" const char file_${index}_begin[], file_${index}_end[];\n")
  string(APPEND table "  if (name == \"${name}\") return {file_${index}_begin, size_t(file_${index}_end - file_${index}_begin)};\n")
  math(EXPR index "${index} + 1")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT
"// Written by embed_runtime.cmake.
#include \"codegen/compile/runtime_files.h\"

@data@
namespace deeper {
std::string_view runtime_file(std::string_view name) {
@table@  return {};
}
}  // namespace deeper
")
