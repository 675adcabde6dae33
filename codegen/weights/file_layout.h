// Where the graph's weights, [out][kernel row][kernel column][in], stand in a file's tensor.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "codegen/ir/graph.h"
#include "dsl/spec.h"

namespace deeper {

/// conv: oihw [o, c, kh, kw]; hwio [kh, kw, c, o]; ohwi [o, kh, kw, c]. depthwise differs in hwio: [kh, kw, in,
/// multiplier]. dense: [o, in], in hwio [in, o]; `in` in the order of `flatten`. vector: [n].
struct FileLayout {
  std::vector<int64_t> dims;
  int64_t out = 0, row = 0, column = 0, in = 0;  ///< distances in the file, in elements, along the graph's dims
};

FileLayout file_layout(const WeightBinding& binding, const std::vector<int64_t>& dims, WeightLayout layout);

/// Calls visit(index in the graph's constant, index in the file's tensor) for every element.
template <class Visit>
void for_each_element(const FileLayout& file, const std::vector<int64_t>& dims, Visit visit) {
  const auto dim = [&](size_t i) { return i < dims.size() ? dims[i] : 1; };
  size_t at = 0;
  for (int64_t o = 0; o < dim(0); ++o)
    for (int64_t y = 0; y < dim(1); ++y)
      for (int64_t x = 0; x < dim(2); ++x)
        for (int64_t c = 0; c < dim(3); ++c)
          visit(at++, static_cast<size_t>(o * file.out + y * file.row + x * file.column + c * file.in));
}

std::string_view layout_word(WeightLayout layout);
std::string_view kind_word(WeightKind kind);

/// "64x3x7x7"; "a single number" without dims.
std::string dims_text(const std::vector<int64_t>& dims);

}  // namespace deeper
