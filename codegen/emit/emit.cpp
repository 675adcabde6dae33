#include "codegen/emit/emit.h"

#include "codegen/emit/emission.h"

namespace deeper {

namespace {

/// Headers that a network's own code includes, directly or not.
constexpr const char* network_files[] = {
    "abi.h",      "api.h",   "blob.h",         "border.h", "conv.h",  "cpu.h",   "depthwise.h", "elementwise.h",
    "epilogue.h", "input.h", "l2_normalize.h", "lrn.h",    "math.h",  "model.h", "network.h",   "pool.h",
    "sha256.h",   "simd.h",  "softmax.h",      "status.h", "tasks.h", "team.h",  "view.h"};

std::string network_text(const Schedule& schedule) {
  CppWriter out;
  Emission emission{schedule, out, {}};
  emit_network(emission);
  emit_interface(emission);
  return license_lines("//") + out.take();
}

}  // namespace

std::vector<SourceText> emit(const Schedule& schedule) {
  const std::string& name = schedule.network;
  return {{name + ".h", header_text(schedule)},
          {name + ".cpp", network_text(schedule)},
          {name + "_image.cpp", image_text(schedule)},
          {name + "_main.cpp", main_text(schedule)},
          {"CMakeLists.txt", cmake_text(schedule)}};
}

std::vector<std::string> runtime_files(const Schedule&) { return {std::begin(network_files), std::end(network_files)}; }

}  // namespace deeper
