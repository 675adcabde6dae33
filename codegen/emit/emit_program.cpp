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

// {0} = name, {1} = flags, {2}, {3} = files of the image library and of the program, {4} = more definitions.
constexpr const char* cmake_code =
    R"(# Builds by itself with a recent clang or GCC: cmake -B build && cmake --build build
cmake_minimum_required(VERSION 3.16)
project({0} C CXX)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Results are defined bit by bit: no option here may be left out.
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:{1}>"
  -fvisibility=hidden -ffunction-sections -fdata-sections)
include_directories(${{CMAKE_CURRENT_SOURCE_DIR}})

# The network alone: needs the C library only.
add_library({0} STATIC {0}.cpp)
{4}find_package(Threads REQUIRED)
target_link_libraries({0} PUBLIC Threads::Threads m)

# Decoding and preprocessing; without libjpeg or libpng it reads the other formats.
add_library({0}_image STATIC{2})
target_link_libraries({0}_image PUBLIC {0})
set(CMAKE_FIND_LIBRARY_SUFFIXES .a ${{CMAKE_FIND_LIBRARY_SUFFIXES}})
find_package(JPEG)
find_package(PNG)
if(JPEG_FOUND)
  target_link_libraries({0}_image PUBLIC JPEG::JPEG)
else()
  target_compile_definitions({0}_image PRIVATE RT_NO_JPEG)
endif()
if(PNG_FOUND)
  target_link_libraries({0}_image PUBLIC PNG::PNG)
else()
  target_compile_definitions({0}_image PRIVATE RT_NO_PNG)
endif()

add_executable({0}_program {3})
set_target_properties({0}_program PROPERTIES OUTPUT_NAME {0} LINKER_LANGUAGE C)
target_link_libraries({0}_program PRIVATE {0}_image {0})
target_link_options({0}_program PRIVATE -Wl,--gc-sections)
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
                                          name + "_main.cpp" + cmake_list(files, true), embedded);
}

}  // namespace deeper
