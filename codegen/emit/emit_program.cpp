// The program around the network, and the build of the folder by itself.
#include "codegen/emit/emission.h"
#include "codegen/emit/emit.h"

namespace deeper {

namespace {

// {0} = name. The image library's one function.
constexpr const char* image_code = R"(// Pictures in, classes out: decoding and preprocessing around the network.
#include "{0}.h"
#include "runtime/classify.h"

extern "C" {0}_status {0}_classify({0}_context* context, const void* image, size_t bytes, int head, int count,
    int* indices, float* values, char* words, size_t words_bytes) {{
  return rt::classify(reinterpret_cast<rt::Context*>(context), image, bytes, head, {{count, indices, values}}, words,
                      words_bytes);
}}
)";

constexpr const char* main_code = R"(// The program: {0} --help tells what it can do.
#include "runtime/program.h"

extern "C" const void* {0}_network(void);  // in {0}.cpp

int main(int argc, char** argv) {{
  return rt::program(*static_cast<const rt::Network*>({0}_network()), argc, argv);
}}
)";

// {0} = name, {1} = flags, {2}, {3} = files of the image library and of the program, {4} = more definitions, {5} = what
// becomes of the weights.
constexpr const char* cmake_code =
    R"(# Builds by itself with a recent clang or GCC:
#   cmake -S . -B build && cmake --build build && build/{0} photo.jpg
#   cmake --install build --prefix P     P/bin/{0}, P/share/{0}/{0}.weights, P/lib, P/include
# In a project with CMake: add_subdirectory(this folder), then link {0}_network (tensors) or {0}_image (pictures), which
# bring their headers and the libraries that they need. Otherwise: pkg-config {0}, of the installed files.
# No target has the bare name of the network, which may be one of CMake's own or a library of the system.
cmake_minimum_required(VERSION 3.16)
project({0} C CXX)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Results are defined bit by bit: no option here may be left out.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:{1}>"
  -fvisibility=hidden -ffunction-sections -fdata-sections)
# What reads files of strangers is hardened; the network does not read any.
set(hardened -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Files included by name are looked for where there is only runtime/, so that NAME.h hides no header of the system.
file(MAKE_DIRECTORY ${{CMAKE_CURRENT_BINARY_DIR}}/include)
file(CREATE_LINK ${{CMAKE_CURRENT_SOURCE_DIR}}/runtime ${{CMAKE_CURRENT_BINARY_DIR}}/include/runtime SYMBOLIC)
add_compile_options("SHELL:-iquote \"${{CMAKE_CURRENT_BINARY_DIR}}/include\"")

# The network alone: needs the C library only.
add_library({0}_network STATIC {0}.cpp)
set_target_properties({0}_network PROPERTIES OUTPUT_NAME {0})
target_compile_options({0}_network INTERFACE "SHELL:-iquote \"${{CMAKE_CURRENT_SOURCE_DIR}}\"")
{4}find_package(Threads REQUIRED)
target_link_libraries({0}_network PUBLIC ${{CMAKE_THREAD_LIBS_INIT}} m)

# Decoding and preprocessing; without libjpeg or libpng it reads the other formats.
add_library({0}_image STATIC{2})
target_link_libraries({0}_image INTERFACE {0}_network)  # not for itself: libjpeg's headers would find ours of the same name
target_compile_options({0}_image PRIVATE ${{hardened}})
set(CMAKE_FIND_LIBRARY_SUFFIXES .a ${{CMAKE_FIND_LIBRARY_SUFFIXES}})
find_package(JPEG)
find_package(PNG)
set(image_libraries "")
if(JPEG_FOUND)
  target_include_directories({0}_image PRIVATE ${{JPEG_INCLUDE_DIRS}})
  target_link_libraries({0}_image PUBLIC ${{JPEG_LIBRARIES}})
  string(APPEND image_libraries " -ljpeg")
else()
  target_compile_definitions({0}_image PRIVATE RT_NO_JPEG)
endif()
if(PNG_FOUND)
  target_include_directories({0}_image PRIVATE ${{PNG_INCLUDE_DIRS}})
  target_link_libraries({0}_image PUBLIC ${{PNG_LIBRARIES}})
  string(APPEND image_libraries " -lpng -lz")
else()
  target_compile_definitions({0}_image PRIVATE RT_NO_PNG)
endif()

add_executable({0}_program {3})
set_target_properties({0}_program PROPERTIES OUTPUT_NAME {0} LINKER_LANGUAGE C)
target_link_libraries({0}_program PRIVATE {0}_image {0}_network)
target_compile_options({0}_program PRIVATE ${{hardened}})
target_link_options({0}_program PRIVATE -pie -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now)
{5}
install(TARGETS {0}_program RUNTIME DESTINATION bin)
install(TARGETS {0}_network {0}_image ARCHIVE DESTINATION lib)
install(FILES {0}.h DESTINATION include)
file(WRITE ${{CMAKE_CURRENT_BINARY_DIR}}/{0}.pc
"Name: {0}
Description: a classifier made by deeper
Version: 1
Cflags: -iquote\${{pcfiledir}}/../../include
Libs: \${{pcfiledir}}/../lib{0}_image.a \${{pcfiledir}}/../lib{0}.a${{image_libraries}} -lm -lpthread
")
install(FILES ${{CMAKE_CURRENT_BINARY_DIR}}/{0}.pc DESTINATION lib/pkgconfig)
)";

// {0} = name. At every build: other weights may have come, with the same code.
constexpr const char* cmake_weights = R"(
# The program looks for its weights beside itself, then in ../share/{0}.
set(weights ${{CMAKE_CURRENT_SOURCE_DIR}}/{0}.weights)
if(EXISTS ${{weights}})
  set(copy COMMAND ${{CMAKE_COMMAND}} -E copy_if_different ${{weights}} $<TARGET_FILE_DIR:{0}_program>/{0}.weights)
  add_custom_command(TARGET {0}_program POST_BUILD ${{copy}} VERBATIM)
  add_custom_target({0}_weights ALL ${{copy}} VERBATIM)
  add_dependencies({0}_weights {0}_program)
  install(FILES ${{weights}} DESTINATION share/{0})
endif()
)";

// As a list of CMake's.
std::string semicolons(const std::vector<std::string>& flags) {
  std::string text;
  for (const std::string& flag : flags) text += (text.empty() ? "" : ";") + flag;
  return text;
}

std::string cmake_list(const std::vector<std::string>& files, bool program) {
  std::string text;
  for (const std::string& file : files) {
    if (file.ends_with(".cpp") && file.starts_with("program") == program) text += "\n  runtime/" + file;
  }
  return text;
}

}  // namespace

std::string image_text(const Schedule& schedule) {
  return license_lines("//") + fmt::format(fmt::runtime(image_code), schedule.network);
}

std::string main_text(const Schedule& schedule) {
  return license_lines("//") + fmt::format(fmt::runtime(main_code), schedule.network);
}

std::string cmake_text(const Schedule& schedule) {
  const std::string& name = schedule.network;
  const std::vector<std::string> files = runtime_files(schedule);
  const std::string embedded =
      schedule.embed ? fmt::format(
                           "set_source_files_properties({0}.cpp PROPERTIES\n"
                           "  COMPILE_DEFINITIONS {1}_WEIGHTS_FILE=\"${{CMAKE_CURRENT_SOURCE_DIR}}/{0}.weights\"\n"
                           "  OBJECT_DEPENDS ${{CMAKE_CURRENT_SOURCE_DIR}}/{0}.weights)\n",
                           name, macro_prefix(schedule))
                     : "";
  const std::string image = schedule.has_preprocess ? "\n  " + name + "_image.cpp" : "";
  return license_lines("#") + fmt::format(fmt::runtime(cmake_code), name, semicolons(schedule.flags),
                                          image + cmake_list(files, false),
                                          name + "_main.cpp" + cmake_list(files, true), embedded,
                                          schedule.embed ? "" : fmt::format(fmt::runtime(cmake_weights), name));
}

}  // namespace deeper
