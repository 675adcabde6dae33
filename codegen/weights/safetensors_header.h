// The JSON in front of a safetensors file. It comes from strangers: read as a stream, nothing but the known structure
// is accepted, and nothing is allocated for what is not.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deeper {

struct TensorEntry {
  std::string name;
  std::string dtype;
  std::vector<int64_t> shape;
  int64_t begin = -1, end = -1;  ///< bytes, from the end of the header
};

struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;  ///< in the header's order
  std::string error;                 ///< what was seen, when the header is no sound one; empty otherwise
};

SafetensorsHeader parse_safetensors_header(std::string_view json);

}  // namespace deeper
