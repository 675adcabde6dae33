// What the functions that write NAME.cpp share.
#pragma once
#include <string>
#include <string_view>

#include "codegen/emit/writer.h"
#include "codegen/schedule/names.h"
#include "codegen/schedule/schedule.h"

namespace deeper {

struct Emission {
  const Schedule& schedule;
  CppWriter& out;
  Names functions;  ///< identifiers of the namespace `steps`

  const Buffer& buffer(const BufferSlice& slice) const { return schedule.buffer(slice.buffer); }
  const Packed& packed(int index) const { return schedule.packed[static_cast<size_t>(index)]; }
};

/// "buffers::conv1".
std::string view(const Emission& e, const BufferSlice& slice);
/// "weights::conv1".
std::string weights(const Emission& e, int packed);

/// A pixel as the loops see it: "y" and "x", or text of constants.
struct Pixel {
  std::string y, x;
};
/// "rt::at(out, y, x)".
std::string at(std::string_view view, const Pixel& pixel);
/// "2 * y - 3" from "y", a stride and a pad; a number where `index` is one.
std::string scaled(const std::string& index, int64_t stride, int64_t pad);
/// " + a * b", nothing for "0".
std::string plus(const std::string& term);

/// The epilogue as an expression, for a kernel call whose first output pixel is `pixel` and whose first channel is that
/// of the part plus `channel` (an expression; "0": none); `channels` is how many it stores.
std::string epilogue(const Emission& e, const PlacedEpilogue& ops, const Pixel& pixel, const std::string& channel,
                     const std::string& channels);

/// "static void NAME(const rt::Task task, const rt::Memory& m) {".
[[nodiscard]] CppWriter::Block step_function(Emission& e, const std::string& name);
/// The borders that a step zeroes, by the thread that has its first unit.
void emit_borders(Emission& e, const ScheduledStep& step);

// Each writes the function (or functions) of a step.
void emit_step(Emission& e, const ScheduledStep& step, const InputKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const ConvKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const DepthwiseKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const PoolKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const LrnKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const SoftmaxKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const L2NormalizeKernel& kernel);
void emit_step(Emission& e, const ScheduledStep& step, const ElementwiseKernel& kernel);

/// Views and offsets, steps, tables: NAME.cpp but for the C interface.
void emit_network(Emission& e);
/// A static_assert that the compiler's vectors are those of the target.
void emit_static_checks(Emission& e);
/// What the network needs of the CPU, an entry of its table.
void emit_cpu_features(Emission& e);
/// The C interface, at the end of NAME.cpp.
void emit_interface(Emission& e);

std::string header_text(const Schedule& schedule);
std::string image_text(const Schedule& schedule);
std::string main_text(const Schedule& schedule);
std::string cmake_text(const Schedule& schedule);
/// runtime/target.h of a generated folder.
std::string target_text(const Schedule& schedule);

/// Prefix of the C interface's constants: "GOOGLENET".
std::string macro_prefix(const Schedule& schedule);
/// One constant per head: "GOOGLENET_HEAD_MAIN".
std::vector<std::string> head_macros(const Schedule& schedule);
/// SPDX line and whose the file is, each behind `comment` ("//", "#").
std::string license_lines(std::string_view comment);

}  // namespace deeper
