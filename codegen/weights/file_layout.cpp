#include "codegen/weights/file_layout.h"

#include <fmt/format.h>

namespace deeper {
namespace {

FileLayout dense_layout(const WeightBinding& binding, const std::vector<int64_t>& dims, bool out_last) {
  const int64_t out = dims[0], height = dims[1], width = dims[2], channels = dims[3];
  const int64_t columns = height * width * channels;
  const int64_t step = out_last ? out : 1;  // between neighbouring columns
  FileLayout file;
  file.dims = out_last ? std::vector{columns, out} : std::vector{out, columns};
  file.out = out_last ? 1 : columns;
  const bool planes = binding.flatten == FlattenOrder::chw;
  file.row = (planes ? width : width * channels) * step;
  file.column = (planes ? 1 : channels) * step;
  file.in = (planes ? height * width : 1) * step;
  return file;
}

}  // namespace

FileLayout file_layout(const WeightBinding& binding, const std::vector<int64_t>& dims, WeightLayout layout) {
  if (binding.kind == WeightKind::vector) return {dims, 1, 0, 0, 0};
  if (binding.kind == WeightKind::dense) return dense_layout(binding, dims, layout == WeightLayout::hwio);
  const int64_t out = dims[0], height = dims[1], width = dims[2], in = dims[3];
  switch (layout) {
    case WeightLayout::oihw:
      return {{out, in, height, width}, in * height * width, width, 1, height * width};
    case WeightLayout::ohwi:
      return {{out, height, width, in}, height * width * in, width * in, in, 1};
    case WeightLayout::hwio:
      break;
  }
  FileLayout file{{height, width, in, out}, 1, width * in * out, in * out, out};
  if (binding.kind == WeightKind::depthwise) {
    const int64_t channels = binding.input.channels;
    file.dims = {height, width, channels, out / channels};
  }
  return file;
}

std::string_view layout_word(WeightLayout layout) {
  switch (layout) {
    case WeightLayout::oihw:
      return "oihw";
    case WeightLayout::hwio:
      return "hwio";
    case WeightLayout::ohwi:
      return "ohwi";
  }
  return "";
}

std::string_view kind_word(WeightKind kind) {
  switch (kind) {
    case WeightKind::conv:
      return "conv";
    case WeightKind::depthwise:
      return "depthwise";
    case WeightKind::dense:
      return "dense";
    case WeightKind::vector:
      return "vector";
  }
  return "";
}

std::string dims_text(const std::vector<int64_t>& dims) {
  return dims.empty() ? "a single number" : fmt::format("{}", fmt::join(dims, "x"));
}

}  // namespace deeper
