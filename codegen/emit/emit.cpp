#include "codegen/emit/emit.h"

#include "codegen/emit/emission.h"

namespace deeper {

namespace {

/// Everything of runtime/ that a folder needs: the network's headers, the image library (those .cpp that do not begin
/// with "program") and the program. tests/unit/emit_files.cpp holds it against what the files include.
constexpr const char* files[] = {"abi.h",
                                 "api.h",
                                 "blob.h",
                                 "border.h",
                                 "buffer.h",
                                 "classify.h",
                                 "conv.h",
                                 "cpu.h",
                                 "depthwise.h",
                                 "elementwise.h",
                                 "epilogue.h",
                                 "exif.cpp",
                                 "exif.h",
                                 "float_mode.h",
                                 "image.cpp",
                                 "image.h",
                                 "image_bmp.cpp",
                                 "image_jpeg.cpp",
                                 "image_libraries.cpp",
                                 "image_libraries.h",
                                 "image_png.cpp",
                                 "image_pnm.cpp",
                                 "input.h",
                                 "l2_normalize.h",
                                 "lrn.h",
                                 "math.h",
                                 "model.h",
                                 "network.h",
                                 "pages.h",
                                 "peak.h",
                                 "pool.h",
                                 "preprocess.cpp",
                                 "preprocess.h",
                                 "program.cpp",
                                 "program.h",
                                 "program_bench.cpp",
                                 "program_checks.cpp",
                                 "program_classify.cpp",
                                 "program_eval.cpp",
                                 "program_files.cpp",
                                 "program_files.h",
                                 "program_help.cpp",
                                 "program_inputs.cpp",
                                 "program_inputs.h",
                                 "program_json.cpp",
                                 "program_json.h",
                                 "program_list.cpp",
                                 "program_list.h",
                                 "program_npy.cpp",
                                 "program_npy.h",
                                 "program_npz.cpp",
                                 "program_options.cpp",
                                 "program_options.h",
                                 "program_problem.cpp",
                                 "program_problem.h",
                                 "program_profile.cpp",
                                 "program_profile.h",
                                 "program_progress.cpp",
                                 "program_progress.h",
                                 "program_session.cpp",
                                 "program_session.h",
                                 "program_signals.cpp",
                                 "program_signals.h",
                                 "program_temporary.cpp",
                                 "program_temporary.h",
                                 "resize.cpp",
                                 "resize.h",
                                 "resize_area.cpp",
                                 "resize_area.h",
                                 "resize_float.cpp",
                                 "resize_float.h",
                                 "resize_line.h",
                                 "resize_opencv.cpp",
                                 "resize_opencv.h",
                                 "resize_pillow.cpp",
                                 "resize_pillow.h",
                                 "resize_pillow_axis.cpp",
                                 "resize_samples.cpp",
                                 "resize_samples.h",
                                 "selftest.h",
                                 "sha256.h",
                                 "simd.h",
                                 "softmax.h",
                                 "status.h",
                                 "tasks.h",
                                 "team.h",
                                 "text.h",
                                 "top.cpp",
                                 "view.h"};

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
  std::vector<SourceText> sources = {{name + ".h", header_text(schedule)},
                                     {name + ".cpp", network_text(schedule)},
                                     {name + "_main.cpp", main_text(schedule)},
                                     {"CMakeLists.txt", cmake_text(schedule)},
                                     {"runtime/target.h", target_text(schedule)}};
  if (schedule.has_preprocess) sources.push_back({name + "_image.cpp", image_text(schedule)});
  return sources;
}

std::vector<std::string> runtime_files(const Schedule&) { return {std::begin(files), std::end(files)}; }

}  // namespace deeper
